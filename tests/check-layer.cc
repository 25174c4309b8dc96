// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of the bytes of layers: goldens, sizes, what is refused.

#include "base/sha256.hh"
#include "layer/layer.hh"
#include "layer/tar_writer.hh"
#include "support/fixtures.hh"

#include <malloc.h>

#include <algorithm>
#include <clocale>

using namespace strata;

namespace {

// Keeps a layer with the places where its fragments end.
class Kept : public FragmentOutput {
public:
  void write(Bytes bytes) override { text += as_text(bytes); }
  void end_fragment() override { ends.push_back(text.size()); }
  std::string text;
  std::vector<std::size_t> ends;
};

class Counted : public FragmentOutput {
public:
  void write(Bytes bytes) override { count += bytes.size(); }
  void end_fragment() override {}
  std::uint64_t count = 0;
};

std::string layer_text(const LayerContents &layer) {
  Kept kept;
  Monitor monitor;
  write_layer(layer, kept, monitor);
  return kept.text;
}

// A name that makes the path in the tar LENGTH bytes long.
std::string name_for(std::size_t length, const std::string &item) {
  std::size_t before = item.size(); // a slash less, a slash more
  return std::string(length - before, 'n');
}

// How the files of an item were made does not count, only what they are.
struct Circumstances {
  mode_t mask = 022;
  bool backwards = false;   // made in another order
  bool hard_linked = false; // equal files are one
};

// Three items: a folder with all that a tar can find hard, a file, a link.
class Items {
public:
  explicit Items(Circumstances how = {}) {
    mode_t before = umask(how.mask);
    std::string top = on_disk(folder);
    make_directories(scratch.path() + "/gnu/store");
    mkdir(top.c_str(), 0777);
    std::vector<std::function<void()>> steps;
    auto file = [&](const std::string &name, std::size_t size, mode_t mode) {
      steps.push_back(
          [=] { put_file(top + "/" + name, noise(size, size), mode); });
    };
    auto link = [&](const std::string &name, const std::string &target) {
      steps.push_back([=] { put_link(top + "/" + name, target); });
    };
    for (std::size_t length : {99, 100, 101, 255, 256})
      file(name_for(length, folder), length, 0644);
    for (std::size_t length : {97, 98, 99, 100, 253, 254})
      steps.push_back([=, this] {
        std::string name = name_for(length, folder);
        name[0] = 'd';
        mkdir((top + "/" + name).c_str(), 0700);
      });
    for (std::size_t size : {0, 1, 511, 512, 513, 300000})
      file(format("size%zu", size), size, 0600);
    file("run", 3, 0700);
    file("run-by-others-only", 3, 0611);
    file("gr\xC3\xBCn", 2, 0644);
    file("\xFF\xFE", 2, 0644);
    link("link100", std::string(100, 't'));
    link("link101", std::string(101, 't'));
    link("link-\xE2\x82\xAC", "x");
    link("link-to-\xFF", "\xFF");
    link("link-to-text", "\xC3\xBC");
    steps.push_back([=] {
      std::string path = top;
      for (int depth = 0; depth < 6; ++depth)
        path += "/" + std::string(60, static_cast<char>('a' + depth));
      make_directories(path);
      put_file(path + "/deep", "deep");
    });
    steps.push_back([=] {
      put_file(top + "/twin1", "twins");
      if (how.hard_linked)
        ck_assert_int_eq(link_file(top + "/twin1", top + "/twin2"), 0);
      else
        put_file(top + "/twin2", "twins");
    });
    if (how.backwards)
      std::reverse(steps.begin(), steps.end());
    for (const auto &step : steps)
      step();
    put_file(on_disk(single), "a file", 0755);
    put_link(on_disk(symlink), folder);
    umask(before);
  }

  std::string on_disk(const std::string &item) const {
    return scratch.path() + item;
  }

  LayerContents layer() const {
    LayerContents result;
    result.store_directory = "/gnu/store";
    for (const std::string &item : {folder, single, symlink})
      result.items.push_back(
          {item, std::make_shared<const DiskWalk>(on_disk(item))});
    return result;
  }

  TemporaryDirectory scratch;
  const std::string folder = made_up_item(1, "folder");
  const std::string single = made_up_item(2, "single");
  const std::string symlink = made_up_item(3, "symlink");

private:
  static int link_file(const std::string &from, const std::string &to) {
    return ::link(from.c_str(), to.c_str());
  }
};

std::shared_ptr<Tree> root_tree() {
  auto root = std::make_shared<Tree>();
  root->add_directory("/tmp", {01777, 0, 0});
  root->add_symlink("/bin", "gnu/store/x/bin");
  root->add_file("/etc/passwd", "root:x:0:0::/:/bin/sh\n", {0644, 0, 0});
  root->add_file("/etc/shadow", "", {0600, 0, 0});
  root->add_file("/run", "#!", {0755, 0, 0});
  root->add_directory("/home/me", {0700, 1000, 998});
  root->add_symlink("/\xC3\xBC", "\xFF");
  return root;
}

LayerContents root_layer(std::shared_ptr<const Tree> root) {
  LayerContents result;
  result.store_directory = "/gnu/store";
  result.root = std::move(root);
  return result;
}

// All layers whose bytes are frozen.
std::vector<std::pair<std::string, LayerContents>>
golden_layers(const Items &items) {
  std::vector<std::pair<std::string, LayerContents>> result;
  result.emplace_back("items", items.layer());
  result.emplace_back("root", root_layer(root_tree()));

  LayerContents all = items.layer();
  auto root = root_tree();
  root->add_directory("/gnu/store", {01775, 0, 30000});
  root->add_directory("/var/guix", {0755, 0, 0});
  all.root = root;
  result.emplace_back("all in one", all);

  LayerContents nix = items.layer();
  nix.store_directory = "/nix/store";
  nix.items.resize(1);
  nix.items[0].path = "/nix/store" + items.folder.substr(10);
  result.emplace_back("another store", nix);

  auto odd = std::make_shared<Tree>();
  odd->add_directory("\xC3\xBC", {0755, 0, 0});
  result.emplace_back("a name only that is not ASCII", root_layer(odd));
  return result;
}

std::string digests(const Items &items) {
  std::string result;
  for (const auto &[name, layer] : golden_layers(items)) {
    std::string text = layer_text(layer);
    result += sha256(as_bytes(text)).hex() + format(" %zu ", text.size()) +
              name + "\n";
  }
  return result;
}

// The bytes of the tar FILE's entries as GNU tar lists them.
std::string tar_lists(const std::string &text) {
  TemporaryDirectory scratch;
  put_file(scratch.path() + "/tar", text);
  return output_of("TZ=UTC LC_ALL=C tar --numeric-owner -tvf '" +
                   scratch.path() + "/tar' 2>&1 | tr -s ' '");
}

// A file of SIZE zeros that is nowhere.
class Zeros : public Walkable {
public:
  explicit Zeros(std::uint64_t size) : size_(size) {}
  void walk(WalkVisitor &visitor) const override {
    class ZeroEntry : public Entry {
    public:
      explicit ZeroEntry(std::uint64_t size)
          : Entry("", Kind::file), size_(size) {}
      std::uint64_t size() override { return size_; }
      bool executable() override { return false; }
      std::string target() override { return {}; }
      void read(ByteOutput &output) override {
        std::vector<std::byte> block(1 << 20);
        for (std::uint64_t left = size_; left > 0;) {
          std::size_t piece = std::min<std::uint64_t>(left, block.size());
          output.write(Bytes(block).first(piece));
          left -= piece;
        }
      }

    private:
      std::uint64_t size_;
    };
    ZeroEntry entry(size_);
    visitor.enter(entry);
  }

private:
  std::uint64_t size_;
};

void refuse(const LayerContents &layer, const std::string &part) {
  Monitor monitor;
  Counted counted;
  assert_error(part, [&] { write_layer(layer, counted, monitor); });
  assert_error(part, [&] { layer_size(layer, monitor); });
}

} // namespace

START_TEST(bytes_are_frozen) {
  assert_golden("layer.golden", digests(Items()));
}
END_TEST

START_TEST(bytes_do_not_depend_on_circumstances) {
  std::string wanted = digests(Items());
  for (mode_t mask : {0, 077})
    for (bool backwards : {false, true})
      for (bool hard_linked : {false, true})
        assert_same(digests(Items({mask, backwards, hard_linked})), wanted);
  Items items;
  for (const char *locale : {"C", "C.UTF-8"}) {
    ck_assert_ptr_nonnull(setlocale(LC_ALL, locale));
    for (const char *zone : {"UTC", "Asia/Tokyo", "<+14>-14"}) {
      setenv("TZ", zone, 1);
      tzset();
      assert_same(digests(items), wanted);
    }
  }
}
END_TEST

START_TEST(sizes_are_known_before) {
  Items items;
  Monitor monitor;
  for (const auto &[name, layer] : golden_layers(items)) {
    Counted counted;
    write_layer(layer, counted, monitor);
    ck_assert_msg(layer_size(layer, monitor) == counted.count, "%s",
                  name.c_str());
  }
}
END_TEST

START_TEST(sizes_of_large_files_are_known_before) {
  constexpr std::uint64_t limit = std::uint64_t(1) << 33; // of ustar
  Monitor monitor;
  for (std::uint64_t size : {limit - 1, limit, limit + 1, limit + (1 << 30)})
    for (const char *name : {"large", "gr\xC3\xBCn"}) {
      LayerContents layer;
      layer.store_directory = "/gnu/store";
      layer.items.push_back(
          {made_up_item(1, name), std::make_shared<const Zeros>(size)});
      std::uint64_t measured = layer_size(layer, monitor);
      Counted counted;
      write_layer(layer, counted, monitor);
      ck_assert_uint_eq(measured, counted.count);
      ck_assert_uint_gt(measured, size);
    }
}
END_TEST

START_TEST(a_sparse_file_is_measured_whole) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/sparse";
  put_file(path, "");
  constexpr std::uint64_t size = std::uint64_t(9) << 30;
  ck_assert_int_eq(truncate(path.c_str(), size), 0);
  LayerContents layer;
  layer.store_directory = "/gnu/store";
  layer.items.push_back(
      {made_up_item(1, "sparse"), std::make_shared<const DiskWalk>(path)});
  Monitor monitor;
  std::uint64_t more = layer_size(layer, monitor) - size;
  ck_assert_uint_gt(more, 512 * 3 + 1024);
  ck_assert_uint_lt(more, 8192);
}
END_TEST

START_TEST(sizes_with_another_style) {
  Items items;
  Monitor monitor;
  const EntryStyle styles[] = {
      {0, {}, {}, "", ""},
      {-1, {}, {}, "", ""},
      {std::int64_t(1) << 33, {}, {}, "", ""},
      {1, 1u << 21, 0, "", ""},
      {1, 0, 262144, "root", "wheel"},
      {1, 0, 0, std::string(40, 'u'), std::string(40, 'g')}};
  for (const EntryStyle &style : styles) {
    LayerContents layer = items.layer();
    layer.root = root_tree();
    layer.style = style;
    Counted counted;
    write_layer(layer, counted, monitor);
    ck_assert_uint_eq(layer_size(layer, monitor), counted.count);
  }
}
END_TEST

START_TEST(gnu_tar_lists_a_layer) {
  Items items;
  LayerContents layer = items.layer();
  layer.root = root_tree();
  std::string list = tar_lists(layer_text(layer));
  std::string item = items.folder.substr(1);
  for (const std::string &line : std::vector<std::string>{
           "drwxr-xr-x 0/0 0 1970-01-01 00:00 gnu/\n",
           "drwxr-xr-x 0/0 0 1970-01-01 00:00 gnu/store/\n",
           "dr-xr-xr-x 0/0 0 1970-01-01 00:00 " + item + "/\n",
           "-r-xr-xr-x 0/0 3 1970-01-01 00:00 " + item + "/run\n",
           "-r--r--r-- 0/0 5 1970-01-01 00:00 " + item + "/twin2\n",
           "-r--r--r-- 0/0 256 1970-01-01 00:00 " + item + "/" +
               name_for(256, items.folder) + "\n",
           "lrwxrwxrwx 0/0 0 1970-01-01 00:00 " + item + "/link101 -> " +
               std::string(101, 't') + "\n"})
    assert_has(list, line);
  assert_has(list, item + "/link-to-\\377 -> \\377\n");
  assert_has(list, item + "/gr\\303\\274n\n");
  assert_has(list, "drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/\n");
  assert_has(list, "drwx------ 1000/998 0 1970-01-01 00:00 home/me/\n");
  assert_has(list, "-rw------- 0/0 0 1970-01-01 00:00 etc/shadow");
  ck_assert(list.find(" link to ") == std::string::npos);
  ck_assert(list.find("./") == std::string::npos);
}
END_TEST

START_TEST(a_plain_entry_has_no_pax_header) {
  TemporaryDirectory scratch;
  std::string item = made_up_item(1, "a");
  put_file(scratch.path() + "/file", "x");
  LayerContents layer;
  layer.store_directory = "/gnu/store";
  layer.items.push_back(
      {item, std::make_shared<const DiskWalk>(scratch.path() + "/file")});
  std::string text = layer_text(layer);
  // Two parents, header and body of the file, the end.
  ck_assert_uint_eq(text.size(), 2 * 512 + 2 * 512 + 1024);
  assert_same(text.substr(257, 8), std::string("ustar\00000", 8));
  ck_assert(text.find("hdrcharset") == std::string::npos);
}
END_TEST

START_TEST(a_layer_ends_with_two_zero_blocks) {
  Items items;
  for (const auto &[name, layer] : golden_layers(items)) {
    std::string text = layer_text(layer);
    ck_assert_uint_eq(text.size() % 512, 0);
    std::string zeros(512, '\0');
    ck_assert(text.ends_with(zeros + zeros));
    ck_assert(!text.ends_with(zeros + zeros + zeros));
  }
}
END_TEST

START_TEST(fragments_do_not_depend_on_their_layer) {
  Items items;
  LayerContents both = items.layer();
  both.root = root_tree();
  Monitor monitor;
  Kept kept;
  write_layer(both, kept, monitor);
  // parents, three items, root, end
  ck_assert_uint_eq(kept.ends.size(), 6);
  ck_assert_uint_eq(kept.ends.back(), kept.text.size());
  for (std::size_t i = 0; i < 3; ++i) {
    LayerContents one = items.layer();
    one.items = {both.items[i]};
    Kept alone;
    write_layer(one, alone, monitor);
    ck_assert(kept.text.substr(kept.ends[i], kept.ends[i + 1] - kept.ends[i]) ==
              alone.text.substr(alone.ends[0], alone.ends[1] - alone.ends[0]));
  }
}
END_TEST

START_TEST(a_directory_appears_once) {
  Items items;
  LayerContents layer = items.layer();
  auto root = root_tree();
  root->add_directory("/gnu/store", {01775, 0, 0});
  root->add_symlink("/gnu/other", "x");
  layer.root = root;
  std::string list = "\n" + tar_lists(layer_text(layer));
  auto count = [&](const std::string &end) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = list.find(end, at)) != std::string::npos;)
      ++found, ++at;
    return found;
  };
  ck_assert_uint_eq(count(" gnu/\n"), 1);
  ck_assert_uint_eq(count(" gnu/store/\n"), 1);
  ck_assert_uint_eq(count(" gnu/other -> x\n"), 1);
  assert_has(list, "drwxrwxr-t 0/0 0 1970-01-01 00:00 gnu/store");
  // A root layer of its own names them only if the tree does.
  assert_has(tar_lists(layer_text(root_layer(root))), " gnu/store/\n");
  ck_assert(tar_lists(layer_text(root_layer(root_tree()))).find("gnu/\n") ==
            std::string::npos);
}
END_TEST

START_TEST(names_that_mean_removed_files_are_refused) {
  TemporaryDirectory scratch;
  for (const char *name : {".wh.x", ".wh.", ".wh..wh..opq"}) {
    std::string folder = scratch.path() + "/" + name + "-folder";
    make_directories(folder + "/sub");
    put_file(folder + "/sub/" + name, "x");
    LayerContents layer;
    layer.store_directory = "/gnu/store";
    layer.items.push_back(
        {made_up_item(1, "bad"), std::make_shared<const DiskWalk>(folder)});
    refuse(layer, std::string("-bad/sub/") + name + "'");

    auto root = std::make_shared<Tree>();
    root->add_symlink(std::string("/etc/") + name, "x");
    refuse(root_layer(root), std::string("/etc/") + name + "'");
  }
  auto root = std::make_shared<Tree>();
  root->add_symlink("a.wh.x", "x");
  root->add_symlink(".wh", "x");
  layer_text(root_layer(root));
}
END_TEST

START_TEST(what_no_layer_can_hold_is_refused) {
  TemporaryDirectory scratch;
  std::string fifo = scratch.path() + "/fifo";
  ck_assert_int_eq(mkfifo(fifo.c_str(), 0600), 0);
  LayerContents layer;
  layer.store_directory = "/gnu/store";
  layer.items.push_back({made_up_item(1, "bad"),
                         std::make_shared<const DiskWalk>(scratch.path())});
  refuse(layer, "/fifo': it is a socket, a device or a FIFO");
}
END_TEST

START_TEST(transformations_change_names) {
  auto root = std::make_shared<Tree>();
  root->add_file("/old/a", "", {0644, 0, 0});
  root->add_file("/older", "", {0644, 0, 0});
  root->add_symlink("/link", "/old/a");
  LayerContents layer = root_layer(root);
  layer.transformations = {{"/old", "/new/"}};
  std::string list = tar_lists(layer_text(layer));
  for (const char *part : {" new/\n", " new/a\n", " newer\n", "link -> /old/a"})
    assert_has(list, part);
  Monitor monitor;
  ck_assert_uint_eq(layer_size(layer, monitor), layer_text(layer).size());
  layer.transformations = {{"older", "link"}};
  refuse(layer, "two files would be '/link'");
  layer.transformations = {{"older", "x/.wh.y"}};
  refuse(layer, "'/x/.wh.y'");
}
END_TEST

START_TEST(cancelling_stops_a_layer) {
  Items items;
  Monitor monitor;
  monitor.cancel();
  Counted counted;
  bool cancelled = false;
  try {
    write_layer(items.layer(), counted, monitor);
  } catch (const Cancelled &) {
    cancelled = true;
  }
  ck_assert(cancelled);
}
END_TEST

START_TEST(a_tar_that_cannot_be_written_to) {
  class Full : public FragmentOutput {
  public:
    void write(Bytes bytes) override {
      if (bytes.size() > room_)
        throw Error("the disk is full");
      room_ -= bytes.size();
    }
    void end_fragment() override {}

  private:
    std::size_t room_ = 20000;
  };
  Items items;
  Monitor monitor;
  Full full;
  assert_error("the disk is full",
               [&] { write_layer(items.layer(), full, monitor); });
}
END_TEST

// libarchive keeps some memory of a writer that is freed without being closed.
START_TEST(unfinished_tars_do_not_leak) {
  constexpr int writers = 2000;
  constexpr std::size_t most = 10000; // bytes; that of one writer is 33 or more
  std::size_t before = 0;
  for (int i = 0; i < 2 * writers; ++i) {
    if (i == writers)
      before = mallinfo2().uordblks;
    CountingOutput output;
    TarWriter writer(output);
    for (const char *name : {"ascii", "gr\303\274n"}) {
      writer.begin({name, Kind::file, {0444, 0, 0}, 0, {}, {}});
      writer.end_entry();
    }
  }
  ck_assert_uint_lt(mallinfo2().uordblks, before + most);
}
END_TEST

START_TEST(a_tar_that_is_given_up_gets_no_more_bytes) {
  MemoryOutput output;
  {
    TarWriter writer(output);
    writer.begin({"file", Kind::file, {0444, 0, 0}, 4000, {}, {}});
    writer.write(as_bytes("x"));
  }
  ck_assert_uint_eq(output.text().size(), 513);
}
END_TEST

int main() {
  Suite *suite = suite_create("layer");
  TCase *all = tcase_create("all");
  tcase_add_test(all, bytes_are_frozen);
  tcase_add_test(all, bytes_do_not_depend_on_circumstances);
  tcase_add_test(all, sizes_are_known_before);
  tcase_add_test(all, sizes_of_large_files_are_known_before);
  tcase_add_test(all, a_sparse_file_is_measured_whole);
  tcase_add_test(all, sizes_with_another_style);
  tcase_add_test(all, gnu_tar_lists_a_layer);
  tcase_add_test(all, a_plain_entry_has_no_pax_header);
  tcase_add_test(all, a_layer_ends_with_two_zero_blocks);
  tcase_add_test(all, fragments_do_not_depend_on_their_layer);
  tcase_add_test(all, a_directory_appears_once);
  tcase_add_test(all, names_that_mean_removed_files_are_refused);
  tcase_add_test(all, what_no_layer_can_hold_is_refused);
  tcase_add_test(all, transformations_change_names);
  tcase_add_test(all, cancelling_stops_a_layer);
  tcase_add_test(all, a_tar_that_cannot_be_written_to);
  tcase_add_test(all, unfinished_tars_do_not_leak);
  tcase_add_test(all, a_tar_that_is_given_up_gets_no_more_bytes);
  tcase_set_timeout(all, 60);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
