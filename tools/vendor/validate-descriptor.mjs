// Writes the FileDescriptorSet of buf/validate/validate.proto, as it is embedded in the
// @bufbuild/protovalidate package, to standard output. `proto/third_party/README.md` says how the
// vendored .proto is made of it.
import { toBinary, create } from "@bufbuild/protobuf";
import * as wkt from "@bufbuild/protobuf/wkt";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const entry = require.resolve("@bufbuild/protovalidate");
const generated = path.join(path.dirname(entry), "gen/buf/validate/validate_pb.js");
const { file_buf_validate_validate } = require(generated);

const files = [
  wkt.file_google_protobuf_descriptor,
  wkt.file_google_protobuf_duration,
  wkt.file_google_protobuf_field_mask,
  wkt.file_google_protobuf_timestamp,
  file_buf_validate_validate,
];
const set = create(wkt.FileDescriptorSetSchema, { file: files.map((f) => f.proto) });
process.stdout.write(toBinary(wkt.FileDescriptorSetSchema, set));
