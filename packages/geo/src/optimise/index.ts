/**
 * Route optimisation: which vehicle serves which stop, in which order and when.
 *
 * @packageDocumentation
 */
export { checkSolution, type Violation, type ViolationKind } from './check/check-solution.ts'
export { optimiseErrors } from './errors.ts'
export { explain, type ExplainOptions } from './explain/explain.ts'
export type {
  Alternative,
  CostComponents,
  HoursExplanation,
  HoursPause,
  PlanExplanation,
  RouteExplanation,
  StopExplanation,
} from './explain/explanation.ts'
export { readCordeau } from './formats/cordeau.ts'
export { readCvrplib } from './formats/cvrplib.ts'
export { readLiLim } from './formats/li-lim.ts'
export { readSolomon } from './formats/solomon.ts'
export { readTaillard } from './formats/taillard.ts'
export { readTsplib } from './formats/tsplib.ts'
export { drawPlanGantt, type DrawPlanGanttOptions } from './picture/draw-plan-gantt.ts'
export { drawPlanMap, type DrawPlanMapOptions } from './picture/draw-plan-map.ts'
export type {
  Constraint,
  Plan,
  PlanRoute,
  PlanStatistics,
  PlanStep,
  Unassigned,
  UnassignedReason,
} from './plan/plan.ts'
export {
  createPlanner,
  type Planner,
  type PlannerOptions,
  type SolvedProblem,
  type SubmitOptions,
} from './planner/create-planner.ts'
export type { PlanJob } from './planner/plan-job.ts'
export { plannerErrors } from './planner/errors.ts'
export type { PlanProgress } from './planner/progress-memory.ts'
export { checkProblem } from './problem/check-problem.ts'
export type {
  Amounts,
  Break,
  ObjectiveLevel,
  ObjectiveName,
  Place,
  Problem,
  Reload,
  Shipment,
  ShipmentEnd,
  SpeedProfile,
  Stop,
  StopGroup,
  StraightLines,
  TimeWindow,
  TravelMatrix,
  Vehicle,
  VehicleCosts,
  WeightedObjective,
} from './problem/problem.ts'
export { withMatrix } from './problem/with-matrix.ts'
export { hoursOfService, type HoursOfService, type HoursRules, type HoursSoFar } from './schedule/hours-of-service.ts'
export type { InitialPlan } from './solve/initial-orders.ts'
export { reoptimise } from './solve/reoptimise.ts'
export { solve, type SolveOptions, type SolveProgress } from './solve/solve.ts'
export { readVroom, type VroomProblem } from './vroom/read-vroom.ts'
export { readVroomSolution } from './vroom/read-vroom-solution.ts'
export type {
  VroomCoordinates,
  VroomInput,
  VroomJob,
  VroomMatrix,
  VroomRoute,
  VroomShipment,
  VroomSolution,
  VroomStep,
  VroomSummary,
  VroomTask,
  VroomVehicle,
  VroomWindow,
} from './vroom/vroom-json.ts'
export { writeVroom } from './vroom/write-vroom.ts'
export { writeVroomSolution } from './vroom/write-vroom-solution.ts'
