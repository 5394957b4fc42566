#include "services/casemgmt/cases/task_service.h"

#include "platform/base/korea_time.h"
#include "platform/base/status.h"
#include "platform/rpc/paging.h"
#include "platform/rpc/read_one.h"
#include "services/casemgmt/cases/case_reach_call.h"
#include "services/casemgmt/cases/case_wire.h"
#include "services/casemgmt/cases/task_store.h"
#include "services/casemgmt/names.h"

namespace ieum::casemgmt {

void TaskDoor::Serve(rpc::Router& router) {
  rpc::ServiceRoutes routes = router.Service("ieum.casemgmt.v1.TaskService");
  routes.Unary("GetCaseTask", this, &TaskDoor::Get);
  routes.Unary("ListCaseTasks", this, &TaskDoor::List);
}

absl::StatusOr<v1::CaseTask> TaskDoor::Get(rpc::Call& call, const v1::GetCaseTaskRequest& request) {
  ASSIGN_OR_RETURN(const base::Uuid id, IdIn("caseTasks", request.name(), "name"));
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  ASSIGN_OR_RETURN(const Task task,
                   rpc::ReadOne(database_, "case_task_get", request.name(),
                                [&](db::Tx& tx) { return ReadTask(tx, ReachOf(call), id); }));
  return ToWire(task, base::KoreaDay(now));
}

absl::StatusOr<v1::ListCaseTasksResponse> TaskDoor::List(rpc::Call& call,
                                                         const v1::ListCaseTasksRequest& request) {
  ASSIGN_OR_RETURN(const absl::Time now, clock_.Now());
  ASSIGN_OR_RETURN(filter::ListQuery query,
                   rpc::OpenList(call.scope(), request, TaskList(), page_key_));
  WhereTasks(query, ReachOf(call), request.mine(), request.ended());
  std::vector<Task> tasks;
  filter::Cursor next;
  RETURN_IF_ERROR(database_.Read("case_task_list", [&](db::Tx& tx) {
    next = ListTasks(tx, query, &tasks);
    return absl::OkStatus();
  }));
  v1::ListCaseTasksResponse response;
  for (const Task& task : tasks) *response.add_case_tasks() = ToWire(task, base::KoreaDay(now));
  response.set_next_page_token(rpc::NextPageToken(call.scope(), request, next, page_key_));
  return response;
}

}  // namespace ieum::casemgmt
