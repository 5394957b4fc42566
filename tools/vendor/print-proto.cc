// Reads a FileDescriptorSet (dependencies first) from standard input and prints the last file of it
// as .proto source. Used only by `tools/vendor/vendor-protos`.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <iostream>

int main() {
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromIstream(&std::cin)) return 1;
  google::protobuf::DescriptorPool pool;
  const google::protobuf::FileDescriptor* last = nullptr;
  for (const auto& file : set.file()) {
    last = pool.BuildFile(file);
    if (last == nullptr) return 1;
  }
  std::cout << (last == nullptr ? "" : last->DebugString());
  return 0;
}
