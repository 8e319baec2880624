/**
 * The signed log of a repository's snapshots: what was there, and that nobody took it away.
 *
 * @packageDocumentation
 */
export { evidenceErrors } from './errors.ts'
export {
  recordSnapshots,
  verifySnapshotLog,
  type LogHead,
  type LogProblem,
  type SnapshotLogReport,
} from './snapshot-log.ts'
