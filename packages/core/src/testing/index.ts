/**
 * The verification kit: simulated time, chance and disk, and the suites that every implementation of a port passes.
 *
 * @packageDocumentation
 */
export { SimulatedClock, type RunUntilIdleOptions, type SimulatedClockOptions } from './clock/simulated-clock.ts'
export type { ConformanceCase } from './conformance.ts'
export type { CrashContext, CrashOutcome, CrashWorkload } from './crash/crash-workload.ts'
export {
  enumerateCrashPoints,
  type CrashProgress,
  type CrashReport,
  type CrashViolation,
  type EnumerateCrashPointsOptions,
} from './crash/enumerate-crash-points.ts'
export { diskConformance } from './disk-conformance.ts'
export type { DiskSubject } from './disk-conformance/disk-subject.ts'
export type { DiskFault, DiskOperation, Intercept } from './disk/operation.ts'
export { randomFaults, type RandomFaultOptions, type RandomFaults } from './disk/random-faults.ts'
export {
  createSimulatedDisk,
  type CrashOptions,
  type SimulatedDisk,
  type SimulatedDiskOptions,
} from './disk/simulated-disk.ts'
export { testingErrors } from './errors.ts'
export { SeededRandom } from './random/seeded-random.ts'
export {
  runSimulation,
  type RunSimulationOptions,
  type Simulation,
  type SimulationProgress,
  type SimulationReport,
  type SimulationResult,
} from './simulation.ts'
export {
  faultyStore,
  type FaultyObjectStore,
  type FaultyStoreOptions,
  type StoreFaultKind,
} from './faulty-object-store.ts'
export type { BucketOptions } from './s3/bucket.ts'
export type { S3Limits } from './s3/operation-context.ts'
export type { S3Operation } from './s3/operation.ts'
export type { S3FaultKind, S3PlannedFault } from './s3/s3-faults.ts'
export type { S3Credentials } from './s3/signature.ts'
export { simulateS3, type S3LoggedRequest, type S3Simulator, type SimulateS3Options } from './s3/simulate-s3.ts'
export { storageConformance, storageVersionsConformance } from './storage-conformance.ts'
export { databaseConformance } from './database-conformance.ts'
export { kmsConformance } from './kms-conformance.ts'
export { jobsConformance, type JobsSubject } from './jobs-conformance.ts'
export { fuzz, type FuzzCoverageOptions, type FuzzFinding, type FuzzOptions, type FuzzReport } from './fuzz/fuzz.ts'
export type { FuzzFindingKind } from './fuzz/judge.ts'
export {
  killAtRandom,
  pauseProcess,
  type KillAtRandomOptions,
  type KillResult,
  type PauseProcessOptions,
} from './process/kill-process.ts'
export {
  surviveKills,
  type KilledRun,
  type KillRunContext,
  type SurviveKillsOptions,
  type SurviveKillsReport,
} from './process/survive-kills.ts'
export {
  createFaultProxy,
  type FaultProxy,
  type FaultProxyOptions,
  type ProxyAddress,
  type ProxyFaultPlan,
} from './proxy/fault-proxy.ts'
export type { ProxyDirection, ProxyFault, ProxyFaultKind } from './proxy/proxy-fault.ts'
export {
  randomProxyFaults,
  type ProxyConnectionContext,
  type RandomProxyFaultOptions,
} from './proxy/random-proxy-faults.ts'
export type { ReceivedMail } from './smtp/received-mail.ts'
export type { SmtpFault, SmtpStage } from './smtp/smtp-fault.ts'
export { createSmtpSink, type SmtpSink, type SmtpSinkOptions } from './smtp/smtp-sink.ts'
