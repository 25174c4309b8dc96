// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/store_primitives.hh"

#include "base/error.hh"
#include "base/file_output.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "guile/boundary.hh"
#include "guile/objects.hh"
#include "store/add.hh"
#include "store/closure_database.hh"
#include "store/closure_registration.hh"
#include "store/item_size.hh"
#include "store/lookup.hh"
#include "store/reference_graph_file.hh"
#include "store/store_database.hh"
#include "store/store_path.hh"
#include "store/verify.hh"

namespace strata {

namespace {

StoreLocation location_from_scm(SCM root, SCM directory, SCM database) {
  return locate_store(optional_text_from_scm(root),
                      optional_text_from_scm(directory),
                      optional_text_from_scm(database));
}

ItemIndex item_from_scm(const OpenStore &store, SCM path) {
  std::string text = text_from_scm(path);
  auto index = store.graph->find(text);
  if (!index)
    throw Error(
        format(_("'%s' is not an item of the store"), printable(text).c_str()));
  return *index;
}

SCM paths(const OpenStore &store, const std::vector<ItemIndex> &indexes) {
  SCM result = SCM_EOL;
  for (auto index = indexes.rbegin(); index != indexes.rend(); ++index)
    result = scm_cons(scm_from_text(store.graph->items()[*index].path), result);
  return result;
}

SCM store_open(SCM root, SCM directory, SCM database) {
  return guarded([&] {
    OpenStore store{location_from_scm(root, directory, database), {}};
    run_with_progress(SCM_BOOL_F, [&](Monitor &monitor) {
      store.graph = std::make_shared<const ReferenceGraph>(
          read_store_database(store.location, monitor));
    });
    return scm_from_store(std::move(store));
  });
}

SCM store_open_graphs(SCM root, SCM directory, SCM files) {
  return guarded([&] {
    auto names = texts_from_scm(files);
    if (names.empty())
      throw Error(_("no reference-graph file is given"));
    // The files stand in for the database.
    OpenStore store{locate_store(optional_text_from_scm(root),
                                 optional_text_from_scm(directory), names[0]),
                    {}};
    run_with_progress(SCM_BOOL_F, [&](Monitor &monitor) {
      store.graph = std::make_shared<const ReferenceGraph>(
          read_reference_graph_files(names, store.location.directory, monitor));
    });
    return scm_from_store(std::move(store));
  });
}

// The items PATHS alone.  SCM_STORE says what is known of them; it may be #f.
SCM store_of_paths(SCM root, SCM directory, SCM paths, SCM scm_store) {
  return guarded([&] {
    // No database is read, whatever its name.
    OpenStore store{locate_store(optional_text_from_scm(root),
                                 text_from_scm(directory), "-"),
                    {}};
    auto names = texts_from_scm(paths);
    for (const std::string &name : names)
      if (!is_item_path(name, store.location.directory))
        throw Error(format(_("'%s' is not an item of the store '%s'"),
                           printable(name).c_str(),
                           printable(store.location.directory).c_str()));
    ReferenceGraph nothing(std::vector<Item>{}, "");
    const ReferenceGraph *known = &nothing;
    if (scm_is_true(scm_store))
      known = store_from_scm(scm_store).graph.get();
    store.graph =
        std::make_shared<const ReferenceGraph>(known->restricted_to(names));
    return scm_from_store(std::move(store));
  });
}

SCM store_directory(SCM store) {
  return guarded(
      [&] { return scm_from_text(store_from_scm(store).location.directory); });
}

SCM store_root(SCM store) {
  return guarded(
      [&] { return scm_from_text(store_from_scm(store).location.root); });
}

SCM store_items(SCM store) {
  return guarded([&] {
    SCM result = SCM_EOL;
    const auto &items = store_from_scm(store).graph->items();
    for (auto item = items.rbegin(); item != items.rend(); ++item)
      result = scm_cons(scm_from_text(item->path), result);
    return result;
  });
}

SCM store_item(SCM scm_store, SCM path) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    const Item &item = store.graph->items()[item_from_scm(store, path)];
    return AlistBuilder()
        .add("path", item.path)
        .add("deriver",
             item.deriver.empty() ? SCM_BOOL_F : scm_from_text(item.deriver))
        .add("nar-hash",
             item.nar_hash ? scm_from_text(item.nar_hash->oci()) : SCM_BOOL_F)
        .add("nar-size", item_size(item, store.location))
        .add("references", paths(store, item.references))
        .result();
  });
}

SCM store_closure(SCM scm_store, SCM roots) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    std::vector<ItemIndex> indexes;
    for (SCM root : list_from_scm(roots))
      indexes.push_back(item_from_scm(store, root));
    return paths(store, store.graph->closure(indexes));
  });
}

SCM store_referrers(SCM scm_store, SCM path) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    return paths(store, store.graph->referrers(item_from_scm(store, path)));
  });
}

SCM store_resolve(SCM scm_store, SCM argument) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    return scm_from_text(
        resolve_item(*store.graph, store.location, text_from_scm(argument)));
  });
}

SCM store_add(SCM root, SCM directory, SCM database, SCM name, SCM source,
              SCM progress) {
  return guarded([&] {
    StoreLocation location = location_from_scm(root, directory, database);
    std::string item_name = text_from_scm(name);
    std::string folder = text_from_scm(source), path;
    run_with_progress(progress, [&](Monitor &monitor) {
      path = add_to_store(location, item_name, folder, monitor);
    });
    return scm_from_text(path);
  });
}

SCM store_verify(SCM scm_store, SCM jobs, SCM progress) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    auto threads =
        static_cast<unsigned>(number_from_scm(jobs, "jobs", most_jobs));
    std::vector<Problem> problems;
    run_with_progress(progress, [&](Monitor &monitor) {
      problems = verify_store(*store.graph, store.location, threads, monitor);
    });
    SCM result = SCM_EOL;
    for (auto one = problems.rbegin(); one != problems.rend(); ++one)
      result = scm_cons(
          scm_cons(scm_from_text(one->path), scm_from_text(one->description)),
          result);
    return result;
  });
}

SCM write_store_database(SCM file, SCM scm_store, SCM scm_paths, SCM jobs,
                         SCM progress) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    std::string name = text_from_scm(file);
    auto threads =
        static_cast<unsigned>(number_from_scm(jobs, "jobs", most_jobs));
    std::vector<ItemIndex> roots;
    for (SCM path : list_from_scm(scm_paths))
      roots.push_back(item_from_scm(store, path));
    run_with_progress(progress, [&](Monitor &monitor) {
      std::string bytes = closure_database(register_closure(
          *store.graph, roots, store.location, threads, monitor));
      NewFile database(name);
      FileOutput(database.file(), name).write(as_bytes(bytes));
      database.commit();
    });
    return SCM_UNSPECIFIED;
  });
}

} // namespace

void init_store_primitives() {
  define("%store-open", 3, store_open);
  define("%store-open-graphs", 3, store_open_graphs);
  define("%store-of-paths", 4, store_of_paths);
  define("%store-directory", 1, store_directory);
  define("%store-root", 1, store_root);
  define("%store-items", 1, store_items);
  define("%store-item", 2, store_item);
  define("%store-closure", 2, store_closure);
  define("%store-referrers", 2, store_referrers);
  define("%store-resolve", 2, store_resolve);
  define("%store-add", 6, store_add);
  define("%store-verify", 3, store_verify);
  define("%write-store-database", 5, write_store_database);
}

} // namespace strata
