// Owners of libnats objects. Only .cc files of this folder include this header: nobody outside
// sees nats.h.
#pragma once

#include <nats/nats.h>

#include <memory>

namespace ieum::broker {

template <class T, void (*Destroy)(T*)>
struct NatsDeleter {
  void operator()(T* object) const { Destroy(object); }
};
template <class T, void (*Destroy)(T*)>
using NatsHandle = std::unique_ptr<T, NatsDeleter<T, Destroy>>;

using OptionsHandle = NatsHandle<natsOptions, natsOptions_Destroy>;
using ConnectionHandle = NatsHandle<natsConnection, natsConnection_Destroy>;
using SubscriptionHandle = NatsHandle<natsSubscription, natsSubscription_Destroy>;
using MessageHandle = NatsHandle<natsMsg, natsMsg_Destroy>;
using JetStreamHandle = NatsHandle<jsCtx, jsCtx_Destroy>;
using StreamInfoHandle = NatsHandle<jsStreamInfo, jsStreamInfo_Destroy>;
using ConsumerInfoHandle = NatsHandle<jsConsumerInfo, jsConsumerInfo_Destroy>;

}  // namespace ieum::broker
