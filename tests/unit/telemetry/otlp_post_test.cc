// Goal: a POST brings back what the collector said, and gives up when nobody does. Method: a real
// HTTP server in this process.
#include "platform/telemetry/otlp_post.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <thread>

namespace ieum::telemetry {
namespace {

class Collector {
 public:
  explicit Collector(httplib::Server::Handler handler) {
    server_.Post("/at/v1/traces", std::move(handler));
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Collector() {
    server_.stop();
    thread_.join();
  }
  std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_) + "/at"; }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST(OtlpPost, SendsJsonAndBringsTheAnswerBack) {
  std::string type, body;
  Collector collector([&](const httplib::Request& request, httplib::Response& response) {
    type = request.get_header_value("Content-Type");
    body = request.body;
    response.set_content("{\"partialSuccess\":{}}", "application/json");
  });
  const std::atomic<bool> stop{false};
  const std::string sent(100'000, 'x');
  const Post post = PostTo(collector.endpoint());
  for (int again = 0; again < 2; ++again) {
    const PostAnswer answer = post(sent, stop);
    EXPECT_EQ(answer.code, 200);
    EXPECT_EQ(answer.body, "{\"partialSuccess\":{}}");
    EXPECT_EQ(type, "application/json");
    EXPECT_EQ(body, sent);
  }
}

TEST(OtlpPost, SaysWhenToComeAgainAndKeepsOnlyTheBeginningOfAnAnswer) {
  Collector collector([](const httplib::Request&, httplib::Response& response) {
    response.status = 503;
    response.set_header("Retry-After", "7");
    response.set_content(std::string(1 << 20, 'y'), "text/plain");
  });
  const std::atomic<bool> stop{false};
  const PostAnswer answer = PostTo(collector.endpoint() + "/")("{}", stop);
  EXPECT_EQ(answer.code, 503);
  EXPECT_EQ(answer.retry_after, absl::Seconds(7));
  EXPECT_EQ(answer.body.size(), 16u << 10);
}

TEST(OtlpPost, FollowsNobodyElsewhere) {
  Collector collector([](const httplib::Request&, httplib::Response& response) {
    response.set_redirect("http://127.0.0.1:1/elsewhere", 307);
  });
  const std::atomic<bool> stop{false};
  EXPECT_EQ(PostTo(collector.endpoint())("{}", stop).code, 307);
}

TEST(OtlpPost, SaysThatNobodyAnswered) {
  const std::atomic<bool> stop{false};
  EXPECT_EQ(PostTo("http://127.0.0.1:1")("{}", stop).code, 0);
}

TEST(OtlpPost, GivesUpWhenItIsToldTo) {
  std::promise<void> asked, end;
  Collector collector([&](const httplib::Request&, httplib::Response&) {
    asked.set_value();
    end.get_future().wait();
  });
  std::atomic<bool> stop{false};
  auto answer =
      std::async(std::launch::async, [&] { return PostTo(collector.endpoint())("{}", stop).code; });
  asked.get_future().wait();
  stop = true;
  EXPECT_EQ(answer.get(), 0);
  end.set_value();
}

TEST(CheckCollector, TakesOnlyWhatCanBePostedTo) {
  for (const char* good : {"http://127.0.0.1:4318", "https://collector.monitoring/otlp"}) {
    EXPECT_TRUE(CheckCollector(good).ok()) << good;
  }
  for (const char* bad :
       {"collector:4318", "ftp://collector", "http://me:secret@collector", "http://",
        "http://collector/?key=1", "grpc://collector:4317", "file:///etc/passwd"}) {
    EXPECT_FALSE(CheckCollector(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace ieum::telemetry
