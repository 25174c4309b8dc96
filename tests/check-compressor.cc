// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of compressed blocks and fragments.

#include "layer/compressed_fragments.hh"
#include "layer/dense.hh"
#include "layer/tar_reader.hh"
#include "support/fixtures.hh"

#include <lzma.h>

using namespace strata;

namespace {

using Tool = Compression::Tool;

constexpr std::size_t mebibyte = 1 << 20;

// Gives a text in pieces that fit no block.
class TextInput : public ByteInput {
public:
  explicit TextInput(const std::string &text) : rest_(as_bytes(text)) {}
  std::size_t read(std::span<std::byte> buffer) override {
    std::size_t count =
        std::min({buffer.size(), rest_.size(), std::size_t(9973)});
    std::copy_n(rest_.begin(), count, buffer.begin());
    rest_ = rest_.subspan(count);
    return count;
  }

private:
  Bytes rest_;
};

// COMPRESSED plain again, by libarchive, which shares no code with us.
std::string expanded(const std::string &compressed) {
  TextInput input(compressed);
  PlainInput plain(input);
  std::vector<std::byte> buffer(100000);
  std::string result;
  while (std::size_t got = plain.read(buffer))
    result += as_text(Bytes(buffer).first(got));
  return result;
}

struct Compressed {
  std::string text;
  std::vector<std::size_t> blocks; // sizes
};

Compressed compress(const std::vector<std::string> &fragments,
                    const Compression &compression, unsigned jobs = 2) {
  Compressed result;
  auto compressor = make_compressor(compression);
  OrderedTasks tasks(jobs, 2 * jobs + 2);
  CompressedFragments output(*compressor, tasks, [&](Bytes bytes) {
    result.text += as_text(bytes);
    result.blocks.push_back(bytes.size());
  });
  for (const std::string &fragment : fragments) {
    std::string_view rest = fragment;
    while (!rest.empty()) { // in pieces, as a tar writer gives them
      std::string_view piece = rest.substr(0, 70001);
      output.write(as_bytes(piece));
      rest.remove_prefix(piece.size());
    }
    output.end_fragment();
  }
  tasks.wait();
  return result;
}

// SIZE bytes that shrink, but not to nothing.
std::string words(std::size_t size, std::uint64_t seed) {
  std::string random = noise(size / 7 + 1, seed), result;
  result.reserve(size + 64);
  for (std::size_t i = 0; result.size() < size; ++i)
    result += format("%d ", random[i % random.size()]);
  result.resize(size);
  return result;
}

constexpr Compression gzip{Tool::gzip, 6}, zstd{Tool::zstd, 3};

} // namespace

START_TEST(blocks_joined_are_one_stream) {
  for (const Compression &compression :
       {gzip, zstd, Compression{Tool::xz, 1}, Compression{Tool::bzip2, 9},
        Compression{Tool::lzip, 1}}) {
    std::size_t block = make_compressor(compression)->block_size();
    std::string text = words(2 * block + 12345, 3);
    Compressed done = compress({text}, compression);
    ck_assert_uint_eq(done.blocks.size(), 3);
    ck_assert(expanded(done.text) == text);
    ck_assert_uint_lt(done.text.size(), text.size());
  }
}
END_TEST

START_TEST(sizes_around_a_block) {
  for (const Compression &compression : {gzip, zstd}) {
    std::size_t block = make_compressor(compression)->block_size();
    ck_assert_uint_eq(block,
                      compression.tool == Tool::gzip ? mebibyte : 4 * mebibyte);
    for (std::size_t size : {std::size_t(0), std::size_t(1), block - 1, block,
                             block + 1, 2 * block}) {
      std::string text = words(size, 5);
      Compressed done = compress({text}, compression);
      ck_assert_uint_eq(done.blocks.size(), (size + block - 1) / block);
      ck_assert(expanded(done.text) == text);
    }
  }
}
END_TEST

START_TEST(gzip_and_its_program_agree) {
  TemporaryDirectory scratch;
  std::string text = words(3 * mebibyte, 1) + noise(mebibyte);
  put_file(scratch.path() + "/x.gz", compress({text, "", text}, gzip).text);
  ck_assert(output_of("gzip -dc '" + scratch.path() + "/x.gz'") == text + text);
}
END_TEST

START_TEST(gzip_members_tell_no_time_and_no_name) {
  Compressed done = compress({words(mebibyte + 1, 1), noise(100)}, gzip);
  std::size_t begin = 0;
  for (std::size_t size : done.blocks) {
    std::string member = done.text.substr(begin, size);
    assert_same(member.substr(0, 8), std::string("\x1F\x8B\x08\0\0\0\0\0", 8));
    assert_same(member.substr(9, 1), "\xFF");
    begin += size;
  }
  ck_assert_uint_eq(done.blocks.size(), 3);
}
END_TEST

START_TEST(a_fragment_does_not_depend_on_its_neighbours) {
  for (const Compression &compression : {gzip, zstd}) {
    std::size_t block = make_compressor(compression)->block_size();
    const std::vector<std::string> fragments{words(1000, 1),
                                             words(block + 5, 2),
                                             noise(3),
                                             words(block, 3),
                                             std::string(2 * block + 7, '\0'),
                                             words(512, 4)};
    std::string apart;
    for (const std::string &fragment : fragments)
      apart += compress({fragment}, compression).text;
    ck_assert(compress(fragments, compression).text == apart);
  }
}
END_TEST

START_TEST(what_does_not_shrink_grows_little) {
  for (std::size_t size : {std::size_t(1), std::size_t(512), std::size_t(65535),
                           mebibyte, 9 * mebibyte}) {
    std::string text = noise(size, 7);
    Compressed small = compress({text}, gzip);
    // RFC 1952 and 1951: 18 bytes a member, 5 for each stored 65535.
    std::size_t members = (size + mebibyte - 1) / mebibyte;
    std::size_t stored = (size + 65534) / 65535 + members;
    ck_assert_uint_le(small.text.size(), size + 18 * members + 5 * stored);
    ck_assert(expanded(small.text) == text);
    // RFC 8878: at most 18 bytes a frame, 3 for each block of 128 KiB.
    Compressed other = compress({text}, zstd);
    ck_assert_uint_le(other.text.size(), size + 18 * (size / (4 << 20) + 1) +
                                             3 * (size / (128 << 10) + 1));
    ck_assert(expanded(other.text) == text);
  }
}
END_TEST

START_TEST(only_what_cannot_shrink_is_dense) {
  std::string random = noise(mebibyte, 3);
  ck_assert_uint_eq(dense_samples(as_bytes(random)).size(), 64 << 10);
  ck_assert(dense_samples(as_bytes(words(mebibyte, 3))).empty());
  ck_assert(dense_samples(as_bytes(random).first(100000)).empty());
  ck_assert(dense_samples({}).empty());
  // Evenly spread bytes that shrink all the same.
  std::string repeated;
  while (repeated.size() < mebibyte)
    repeated += random.substr(0, 4096);
  repeated.resize(mebibyte);
  ck_assert(!dense_samples(as_bytes(repeated)).empty());
  ck_assert_uint_lt(compress({repeated}, gzip).text.size(), mebibyte / 20);
  // Compressed once, it is dense.
  Compressed once = compress({words(8 * mebibyte, 5)}, gzip);
  ck_assert_uint_gt(once.text.size(), mebibyte);
  std::string part = once.text.substr(0, mebibyte);
  ck_assert_uint_ge(compress({part}, gzip).text.size(), mebibyte);
}
END_TEST

START_TEST(the_same_bytes_for_any_number_of_threads) {
  std::vector<std::string> fragments;
  for (int i = 0; i < 40; ++i)
    fragments.push_back(words(std::size_t(1) << (i % 22), i));
  for (const Compression &compression : {gzip, zstd}) {
    Compressed one = compress(fragments, compression, 1);
    for (unsigned jobs : {2, 7}) {
      Compressed more = compress(fragments, compression, jobs);
      ck_assert(more.text == one.text);
    }
  }
}
END_TEST

START_TEST(levels_matter_and_all_work) {
  std::string text = words(50000, 9);
  for (const char *tool : {"gzip", "zstd", "xz", "bzip2", "lzip"})
    for (int level = 0; level <= 22; ++level) {
      Compression compression;
      try {
        compression = Compression::parse(format("%s:%d", tool, level));
      } catch (const Error &) {
        continue;
      }
      ck_assert(expanded(compress({text}, compression).text) == text);
    }
  ck_assert_uint_lt(compress({text}, {Tool::gzip, 12}).text.size(),
                    compress({text}, {Tool::gzip, 1}).text.size());
}
END_TEST

// The dictionary of a level costs tenfold memory for each thread.
START_TEST(xz_takes_no_dictionary_for_more_than_a_block) {
  std::string text = words(50000, 9);
  for (int level = 0; level <= 9; ++level) {
    std::string compressed = compress({text}, {Tool::xz, level}).text;
    std::string plain(text.size(), '\0');
    std::uint64_t limit = mebibyte; // of what it takes to expand
    std::size_t from = 0, to = 0;
    ck_assert_int_eq(
        lzma_stream_buffer_decode(
            &limit, 0, nullptr,
            reinterpret_cast<const std::uint8_t *>(compressed.data()), &from,
            compressed.size(), reinterpret_cast<std::uint8_t *>(plain.data()),
            &to, plain.size()),
        LZMA_OK);
    ck_assert(plain == text);
  }
}
END_TEST

START_TEST(a_failing_taker_stops_the_layer) {
  auto compressor = make_compressor(gzip);
  for (unsigned jobs : {1, 2, 7})
    assert_error("the disk is full", [&] {
      OrderedTasks tasks(jobs, 4);
      CompressedFragments output(
          *compressor, tasks, [](Bytes) { throw Error("the disk is full"); });
      std::string text = noise(100000);
      for (int i = 0; i < 10000; ++i) {
        output.write(as_bytes(text));
        output.end_fragment();
      }
      tasks.wait();
    });
}
END_TEST

START_TEST(names_of_compressors) {
  auto is = [](const char *text, Tool tool, int level) {
    Compression got = Compression::parse(text);
    ck_assert_msg(got.tool == tool && got.level == level, "%s", text);
  };
  is("none", Tool::none, 0);
  is("gzip", Tool::gzip, 6);
  is("gzip:1", Tool::gzip, 1);
  is("gzip:12", Tool::gzip, 12);
  is("zstd", Tool::zstd, 3);
  is("zstd:22", Tool::zstd, 22);
  is("xz", Tool::xz, 6);
  is("bzip2:9", Tool::bzip2, 9);
  is("lzip:0", Tool::lzip, 0);
  for (const char *unknown : {"", ":", "gz", "GZIP", "gzip ", "lzma", "\033"})
    assert_error("unknown compressor", [&] { Compression::parse(unknown); });
  for (const char *level :
       {"gzip:", "gzip:0", "gzip:13", "gzip:-1", "gzip:+1", "gzip:1x",
        "gzip: 1", "gzip:1:2", "zstd:23", "zstd:0", "none:1",
        "gzip:99999999999999999999", "xz:10", "bzip2:0", "lzip:10"})
    assert_error("has no level", [&] { Compression::parse(level); });
}
END_TEST

START_TEST(commands_that_compress) {
  auto level = [](const std::vector<std::string> &command, Tool tool) {
    auto got = Compression::of_command(command);
    return got && got->tool == tool ? got->level : -1;
  };
  ck_assert_int_eq(level({}, Tool::none), 0);
  ck_assert_int_eq(level({"gzip"}, Tool::gzip), 6);
  ck_assert_int_eq(level({"/gnu/store/x/bin/gzip", "-9n"}, Tool::gzip), 9);
  ck_assert_int_eq(level({"pigz", "-n", "--best"}, Tool::gzip), 9);
  ck_assert_int_eq(level({"zstd", "-19", "--threads=1"}, Tool::zstd), 19);
  ck_assert_int_eq(level({"xz", "-T0", "-c"}, Tool::xz), 6);
  const std::vector<std::string> others[] = {{"cat"},
                                             {"gzip", "-d"},
                                             {"gzip", "x"},
                                             {"gzip", "-l9"},
                                             {"none"},
                                             {"zstd", "--long=31"},
                                             {"xz", "--lzma1"},
                                             {"gzip", "-99"},
                                             {"bzip2", "-0"},
                                             {""},
                                             {"gzip", "--rsyncable"}};
  for (const auto &command : others)
    ck_assert_msg(!Compression::of_command(command), "%s",
                  command.front().c_str());
}
END_TEST

START_TEST(media_types_have_suffixes) {
  assert_same(std::string(media_type_suffix(Tool::none)), "");
  assert_same(std::string(media_type_suffix(Tool::gzip)), "+gzip");
  assert_same(std::string(media_type_suffix(Tool::zstd)), "+zstd");
}
END_TEST

int main() {
  Suite *suite = suite_create("layer: compression");
  TCase *all = tcase_create("all");
  tcase_add_test(all, blocks_joined_are_one_stream);
  tcase_add_test(all, sizes_around_a_block);
  tcase_add_test(all, gzip_and_its_program_agree);
  tcase_add_test(all, gzip_members_tell_no_time_and_no_name);
  tcase_add_test(all, a_fragment_does_not_depend_on_its_neighbours);
  tcase_add_test(all, what_does_not_shrink_grows_little);
  tcase_add_test(all, only_what_cannot_shrink_is_dense);
  tcase_add_test(all, the_same_bytes_for_any_number_of_threads);
  tcase_add_test(all, levels_matter_and_all_work);
  tcase_add_test(all, xz_takes_no_dictionary_for_more_than_a_block);
  tcase_add_test(all, a_failing_taker_stops_the_layer);
  tcase_add_test(all, names_of_compressors);
  tcase_add_test(all, commands_that_compress);
  tcase_add_test(all, media_types_have_suffixes);
  tcase_set_timeout(all, 120);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
