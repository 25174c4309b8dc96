// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/plan_primitives.hh"

#include "guile/boundary.hh"
#include "guile/objects.hh"
#include "guile/pack_primitives.hh"
#include "guile/pack_request.hh"
#include "pack/image_comparison.hh"
#include "pack/output_files.hh"
#include "pack/plan_overview.hh"
#include "sink/stream_target.hh"

namespace strata {

namespace {

// What CONVERT makes of each of VALUES, as a list.
template <typename Values, typename Convert>
SCM scm_from_list(const Values &values, Convert convert) {
  SCM reversed = SCM_EOL;
  for (const auto &value : values)
    reversed = scm_cons(convert(value), reversed);
  return scm_reverse_x(reversed, SCM_EOL);
}

SCM scm_from_averages(const AverageBytes &bytes) {
  return scm_cons(scm_from_uint64(bytes.rebuilt),
                  scm_from_uint64(bytes.grafted));
}

SCM scm_from_reason(GroupReason reason) {
  const char *name = nullptr;
  switch (reason) {
  case GroupReason::named:
    name = "named";
    break;
  case GroupReason::kept:
    name = "kept";
    break;
  case GroupReason::alone:
    name = "alone";
    break;
  case GroupReason::change_together:
    name = "change-together";
    break;
  case GroupReason::shared:
    name = "shared";
    break;
  case GroupReason::few_layers:
    name = "joined";
    break;
  }
  return scm_from_utf8_symbol(name);
}

SCM scm_from_item(const std::string &path, std::uint64_t size) {
  return scm_cons(scm_from_text(path), scm_from_uint64(size));
}

SCM scm_from_groups(const PlanOverview &overview) {
  const GroupReport *report = overview.report.groups.data();
  return scm_from_list(overview.plan, [&](const Group &group) {
    const GroupReport &described = *report++;
    SCM items = scm_from_list(group, [&](std::size_t place) {
      const PlanItem &item = overview.problem.items[place];
      return scm_from_item(item.path, item.size);
    });
    return AlistBuilder()
        .add("items", items)
        .add("size", described.size)
        .add("reason", scm_from_reason(described.reason))
        .add("sent", scm_from_averages(described.sent))
        .result();
  });
}

SCM scm_from_change(const PlanOverview &overview, const ChangeReport &change) {
  SCM items = scm_from_list(change.items, [&](std::size_t place) {
    return scm_from_text(overview.problem.items[place].path);
  });
  SCM layers = scm_from_list(change.groups, [&](std::size_t group) {
    return scm_from_size_t(group + 1);
  });
  return AlistBuilder()
      .add("items", items)
      .add("layers", layers)
      .add("item-size", change.item_bytes)
      .add("layer-size", change.group_bytes)
      .result();
}

// What is said of the item PATH, if of any.
SCM scm_from_explanation(const PlanOverview &overview,
                         const std::string &path) {
  if (!overview.explanation)
    return SCM_BOOL_F;
  const ItemReport &report = *overview.explanation;
  return AlistBuilder()
      .add("item", path)
      .add("layer", static_cast<std::uint64_t>(report.group + 1))
      .add("rebuilt", scm_from_change(overview, report.rebuilt))
      .add("grafted", scm_from_change(overview, report.grafted))
      .result();
}

SCM scm_from_fleet(const std::optional<PlannedFleet> &fleet) {
  if (!fleet)
    return SCM_BOOL_F;
  SCM images =
      scm_from_list(fleet->report.images, [](const FleetImageReport &image) {
        return AlistBuilder()
            .add("layers", static_cast<std::uint64_t>(image.groups))
            .add("size", image.size)
            .add("shared-layers",
                 static_cast<std::uint64_t>(image.shared_groups))
            .add("shared-size", image.shared_size)
            .result();
      });
  return AlistBuilder()
      .add("with-own", scm_from_bool(fleet->with_own))
      .add("siblings", scm_from_list(fleet->siblings,
                                     [](std::size_t place) {
                                       return scm_from_size_t(place);
                                     }))
      .add("images", images)
      .add("stored-size", fleet->report.stored_size)
      .add("unique-size", fleet->report.unique_size)
      .add("sum-size", fleet->report.sum_size)
      .result();
}

// A list of (LAYERS (REBUILT . GRAFTED) STORED).
SCM scm_from_curve(const PlanOverview &overview) {
  if (overview.curve.empty())
    return SCM_BOOL_F;
  return scm_from_list(overview.curve, [&](const OverviewPoint &point) {
    return scm_list_3(
        scm_from_size_t(point.max_layers), scm_from_averages(point.sent),
        overview.fleet ? scm_from_uint64(point.stored) : SCM_BOOL_F);
  });
}

SCM report_request(SCM alist, SCM progress) {
  return guarded([&] {
    PackRequest request = pack_request_from_scm(alist);
    OverviewParts parts;
    parts.explained = optional_text_from_scm(value_of(alist, "explain"));
    parts.curve = scm_is_true(value_of(alist, "curve"));
    PlanOverview overview;
    run_with_progress(progress, [&](Monitor &monitor) {
      overview = overview_plan(request, parts, monitor);
    });
    return AlistBuilder()
        .add("strategy", request.strategy->name())
        .add("max-layers", static_cast<std::uint64_t>(overview.max_layers))
        .add("size", overview.report.size)
        .add("sent", scm_from_averages(overview.report.sent))
        .add("least", scm_from_averages(overview.report.least))
        .add("layers", scm_from_groups(overview))
        .add("update", scm_from_update(overview.update))
        .add("explanation", scm_from_explanation(overview, parts.explained))
        .add("fleet", scm_from_fleet(overview.fleet))
        .add("curve", scm_from_curve(overview))
        .add("saved", request.plan_file.empty() ? SCM_BOOL_F
                                                : scm_from_text(overview.saved))
        .result();
  });
}

SCM scm_from_compared(const ComparedImage &image) {
  SCM layers = scm_from_list(image.layers, [&](const ComparedLayer &layer) {
    SCM items = scm_from_list(layer.items, [](const SizedItem &item) {
      return scm_from_item(item.path, item.size);
    });
    const LayerScan *scan = layer.scan.get();
    return AlistBuilder()
        .add("items", items)
        .add("size", layer.size)
        .add("diff-id", scan ? scm_from_text(scan->diff_id.oci()) : SCM_BOOL_F)
        .add("blob-size", scan ? scm_from_uint64(scan->size) : SCM_BOOL_F)
        .add("in-both", scm_from_bool(layer.in_both))
        .add("same-blob", scm_from_bool(layer.same_blob))
        .result();
  });
  return AlistBuilder()
      .add("file", image.name)
      .add("image", scm_from_bool(image.is_image))
      .add("layers", layers)
      .result();
}

SCM compare(SCM before, SCM after, SCM progress) {
  return guarded([&] {
    std::string one = text_from_scm(before), other = text_from_scm(after);
    ImageComparison result;
    run_with_progress(progress, [&](Monitor &monitor) {
      result = compare_images(one, other, monitor);
    });
    auto text = [](const std::string &path) {
      return path.empty() ? SCM_BOOL_F : scm_from_text(path);
    };
    SCM changes = scm_from_list(result.changes, [&](const ItemChange &change) {
      return scm_cons(text(change.before), text(change.after));
    });
    auto blobs = [&](std::uint64_t BlobBytes::*bytes) {
      return result.blobs ? scm_from_uint64((*result.blobs).*bytes)
                          : SCM_BOOL_F;
    };
    return AlistBuilder()
        .add("before", scm_from_compared(result.before))
        .add("after", scm_from_compared(result.after))
        .add("common-size", result.common_bytes)
        .add("pulled-size", result.pulled_bytes)
        .add("least-size", result.least_bytes)
        .add("changes", changes)
        .add("common-blob-size", blobs(&BlobBytes::common))
        .add("pulled-blob-size", blobs(&BlobBytes::pulled))
        .result();
  });
}

// OUTPUTS is a list of pairs: what a file is for, as text, and its name.
std::vector<OutputFile> output_files_from_scm(SCM outputs) {
  std::vector<OutputFile> files;
  for (auto &[role, name] : pairs_from_scm(outputs))
    files.push_back({name, role});
  return files;
}

// INPUTS is a list of names.
SCM check_files(SCM outputs, SCM inputs) {
  return guarded([&] {
    auto files = output_files_from_scm(outputs);
    check_different(files);
    check_kept(files, texts_from_scm(inputs));
    run_with_progress(SCM_BOOL_F, [&](Monitor &monitor) {
      for (const OutputFile &file : files)
        check_writable(file, monitor);
    });
    return SCM_UNSPECIFIED;
  });
}

SCM check_store_kept_by(SCM outputs, SCM scm_store) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    check_store_kept(output_files_from_scm(outputs), *store.graph,
                     store.location);
    return SCM_UNSPECIFIED;
  });
}

// Writes FILES, a list of pairs of a name and a text, all of them whole or
// none; to what is no regular file as it is.
SCM write_text_files(SCM files) {
  return guarded([&] {
    auto names_and_texts = pairs_from_scm(files);
    run_with_progress(SCM_BOOL_F, [&](Monitor &monitor) {
      std::vector<std::unique_ptr<StreamTarget>> targets;
      for (const auto &[name, text] : names_and_texts) {
        targets.push_back(make_stream_target(name, {}, 1, monitor));
        targets.back()->write(as_bytes(text));
        targets.back()->close();
      }
      for (const auto &target : targets)
        target->commit();
    });
    return SCM_UNSPECIFIED;
  });
}

} // namespace

void init_plan_primitives() {
  define("%report-plan", 2, report_request);
  define("%compare-images", 3, compare);
  define("%check-output-files", 2, check_files);
  define("%check-store-kept", 2, check_store_kept_by);
  define("%write-text-files", 1, write_text_files);
}

} // namespace strata
