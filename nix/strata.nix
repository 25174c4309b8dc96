# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Images as derivations of Nix:
#
#   (import ./strata.nix { inherit strata; }).layeredImage {
#     name = "hello";
#     contents = [ pkgs.hello ];
#     config.Cmd = [ "hello" ];
#   }
#
# `strata` is the item of the store that Strata is installed in.  The image is
# made by the daemon, from nothing but items of the store.

{ strata, system ? strata.system or builtins.currentSystem }:

let
  inherit (builtins)
    attrNames concatLists concatMap elem elemAt filter foldl' genList head
    isList length replaceStrings split storeDir tail;

  # The option NAME of `strata pack` with VALUE.
  option = name: value: "--${name}=${toString value}";

  # Options for each name and value of an attribute set.
  pairs = name: set: map (key: option name "${key}=${set.${key}}")
    (attrNames set);

  # From the fields of an OCI configuration to options.
  fieldOptions = {
    Cmd = map (option "cmd");
    Entrypoint = words:
      if words == [ ] then [ ]
      else [ (option "entry-point" (head words)) ]
        ++ map (option "entry-point-argument") (tail words);
    Env = map (option "env");
    ExposedPorts = ports: map (option "expose") (attrNames ports);
    Labels = pairs "label";
    StopSignal = signal: [ (option "stop-signal" signal) ];
    User = user: [ (option "user" user) ];
    Volumes = volumes: map (option "volume") (attrNames volumes);
    WorkingDir = folder: [ (option "working-directory" folder) ];
  };

  configOptions = config: concatMap
    (field:
      if fieldOptions ? ${field} then fieldOptions.${field} config.${field}
      else throw "layeredImage: unknown field '${field}' of config; known are ${
        toString (attrNames fieldOptions)}")
    (attrNames config);

  # The items that a text names; a full stop behind one is not part of it.
  itemsIn =
    let
      prefix = replaceStrings [ "." "+" ] [ "[.]" "[+]" ] storeDir;
      item = "(${prefix}/[0-9a-z]{32}-[0-9A-Za-z+._?=-]*[0-9A-Za-z+_-])";
    in
    text: concatLists (filter isList (split item text));

  unique = foldl' (list: x: if elem x list then list else list ++ [ x ]) [ ];
in
{
  # A Docker archive that is an OCI layout as well.
  layeredImage =
    {
      # What the image is called, maybe with host and path, and its tag.
      name
    , tag ? "latest"
      # The items that are joined in its profile, one or a list; the profile's
      # bin is its PATH.  All that they and the configuration refer to is in
      # the image.
    , contents ? [ ]
      # As in an OCI image: Cmd, Entrypoint, Env, User and so on.  A relative
      # name of the entry point is in the profile.
    , config ? { }
      # At most so many layers.
    , maxLayers ? 100
      # "gzip", "zstd" or "none", for each layer; maybe with a level ("gzip:9").
    , compression ? "gzip"
      # Seconds since 1970, or an ISO 8601 time.
    , created ? 1
      # Links outside the store, such as { "/bin" = "bin"; }: from each name to
      # a file of the profile.
    , symlinks ? { }
      # An image to build on: an archive, or an OCI layout.
    , fromImage ? null
    }:
    let
      fields = configOptions config;
      items = unique
        (map (item: "${item}")
          (if isList contents then contents else [ contents ])
        ++ concatMap itemsIn fields);
      graph = number: "graph-${toString number}";
      numbers = genList (number: number) (length items);
    in
    derivation {
      name = "${baseNameOf name}-docker-image.tar";
      inherit system;
      builder = "${strata}/bin/strata";
      args = [
        "pack"
        (option "output" (placeholder "out"))
        (option "image-tag" "${name}:${tag}")
        (option "max-layers" maxLayers)
        (option "compression" compression)
        (option "created" created)
        (option "system" system)
        (option "store" storeDir)
      ]
      ++ map (number: option "reference-graph" (graph number)) numbers
      ++ (if fromImage == null then [ ] else [ (option "base" "${fromImage}") ])
      ++ pairs "symlink" symlinks
      ++ fields
      ++ [ "--" ] ++ items;
      # The daemon writes the closure of each item to a file.
      exportReferencesGraph = concatMap
        (number: [ (graph number) (elemAt items number) ]) numbers;
    };
}
