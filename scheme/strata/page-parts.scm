;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; How the pages look, and what scripts add to them: nothing that is needed to
;;; read them.
;;; Code:

(define-module (strata page-parts)
  #:export (page-style
            page-script))

(define page-style "\
:root{color-scheme:light dark;--text:#1a1a1a;--back:#fff;--soft:#555;
--line:#c9c9c9;--stripe:#f4f6f8;--mark:#0b5c94}
@media (prefers-color-scheme:dark){:root{--text:#f2f2f2;--back:#16181d;
--soft:#b5b9c2;--line:#444a55;--stripe:#1f2229;--mark:#78bdf2}}
body{margin:0 auto;padding:1rem 1.25rem 3rem;max-width:62rem;
font:15px/1.45 sans-serif;color:var(--text);background:var(--back)}
h1{font-size:1.4rem;margin:.2rem 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;
margin:0 0 1rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
figure{margin:1rem 0}
figure svg{display:block;width:100%;height:auto}
figcaption,.note{color:var(--soft);font-size:.9rem}
form{position:sticky;top:0;z-index:1;padding:.5rem 0;background:var(--back)}
form[hidden]{display:none}
input{font:inherit;padding:.3rem .5rem;width:20rem;max-width:60vw;
color:inherit;background:var(--back);border:1px solid var(--soft);
border-radius:4px}
table{border-collapse:collapse;width:100%}
caption{text-align:left;color:var(--soft);font-size:.9rem;padding-bottom:.3rem}
th,td{padding:.2rem .6rem;text-align:left;vertical-align:top;
border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{border-bottom:2px solid var(--soft)}
tbody tr:nth-child(even){background:var(--stripe)}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th button{font:inherit;font-weight:bold;color:inherit;background:none;
border:0;padding:0;cursor:pointer;text-decoration:underline dotted}
th[aria-sort=ascending] button::after{content:' \\25B2'}
th[aria-sort=descending] button::after{content:' \\25BC'}
:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
.searching .s-tile{opacity:.18}
.searching .s-hit{opacity:1}
.s-hit .s-edge{stroke-width:2}
.scripted .s-tile{cursor:pointer}
#tip{position:fixed;z-index:2;pointer-events:none;max-width:26rem;
padding:.3rem .6rem;color:var(--back);background:var(--text);
border-radius:4px;font-size:.9rem;white-space:pre-line;
overflow-wrap:anywhere}
#tip[hidden]{display:none}
.wide{overflow-x:auto}
")

;; It is called once all elements are there.
(define page-script "\
'use strict';
(function () {
  const form = document.getElementById('search');
  const input = form.querySelector('input');
  const count = form.querySelector('output');
  const rows = Array.from(document.querySelectorAll('tr[data-row]'));
  const names = rows.map(row => row.textContent.toLowerCase());
  const tiles = Array.from(document.querySelectorAll('.s-tile'));
  const tip = document.getElementById('tip');
  document.body.classList.add('scripted');
  form.hidden = false;

  // The rows that have all words, and the tiles that stand for them.
  function search() {
    const words = input.value.toLowerCase().split(/\\s+/).filter(w => w);
    const found = new Set();
    rows.forEach((row, i) => {
      const match = words.every(word => names[i].includes(word));
      row.hidden = !match;
      if (match) found.add(row.dataset.row);
    });
    document.body.classList.toggle('searching', words.length > 0);
    tiles.forEach(tile => {
      const hit = words.length > 0 &&
        tile.dataset.rows.split(' ').some(row => found.has(row));
      tile.classList.toggle('s-hit', hit);
    });
    count.textContent = words.length === 0 ? '' :
      form.dataset.found.replace('%1', found.size).replace('%2', rows.length);
  }

  function searchForHash() {
    const text = location.hash.match(/^#search=(.*)/);
    if (!text) return;
    try { input.value = decodeURIComponent(text[1]); } catch (e) { return; }
    search();
  }

  form.addEventListener('submit', event => event.preventDefault());
  input.addEventListener('input', search);
  window.addEventListener('hashchange', searchForHash);

  // Tips that come at once, in place of the browser's, which come late.
  tiles.forEach(tile => {
    const title = tile.querySelector('title');
    const text = title.textContent;
    const group = tile.parentNode.querySelector(':scope > title');
    title.remove();
    tile.addEventListener('pointermove', event => {
      tip.textContent = text + (group ? '\\n' + group.textContent : '');
      tip.hidden = false;
      const x = event.clientX + 14, y = event.clientY + 14;
      tip.style.left = Math.max(0,
        Math.min(x, innerWidth - tip.offsetWidth - 4)) + 'px';
      tip.style.top = (y + tip.offsetHeight > innerHeight
        ? event.clientY - tip.offsetHeight - 8 : y) + 'px';
    });
    tile.addEventListener('pointerleave', () => { tip.hidden = true; });
    tile.addEventListener('click', () => {
      const row = rows.find(row =>
        row.dataset.row === tile.dataset.rows.split(' ')[0]);
      if (row) {
        row.hidden = false;
        row.scrollIntoView({ block: 'center' });
        row.tabIndex = -1;
        row.focus();
      }
    });
  });

  // Tables are sorted by the column whose head is pressed.
  const order = new Intl.Collator(undefined, { numeric: true });
  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.value === undefined
      ? cell.textContent : Number(cell.dataset.value);
  }
  document.querySelectorAll('table').forEach(table => {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const falling = head.getAttribute('aria-sort') === 'ascending';
        const body = table.tBodies[0];
        const sorted = Array.from(body.rows).sort((a, b) => {
          const x = key(a, column), y = key(b, column);
          const less = typeof x === 'number' && typeof y === 'number'
            ? x - y : order.compare(x, y);
          return falling ? -less : less;
        });
        heads.forEach(other => other.removeAttribute('aria-sort'));
        head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
        body.replaceChildren(...sorted);
      });
    });
  });
  searchForHash();
})();
")
