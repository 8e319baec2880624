/**
 * Replicas of a repository: copying, lag, and repair from them.
 *
 * @packageDocumentation
 */
export { replicateErrors } from './errors.ts'
export { openReplica, type ReplicaOptions } from './open-replica.ts'
export { repairRepository, type RepairOptions, type RepairReport } from './repair-repository.ts'
export { replicaLag, type ReplicaLag } from './replica-lag.ts'
export { replicate, type ReplicateOptions, type ReplicateReport } from './replicate.ts'
