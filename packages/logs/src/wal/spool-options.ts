import type { Clock, Duration, Logger, Random } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import type { Durability } from './spool-writer.ts'

/** What happens to lines when the spool has no room: see the option `onFull`. */
export type FullPolicy = 'block' | 'drop-oldest' | 'drop-new'

/** Where lines wait for their sinks, and what is promised of them. */
export interface SpoolOptions {
  /** A folder for this and other processes of the service; each makes a folder of its own in it. */
  readonly spool: string
  /**
   * What a line outlives when the call that logged it has returned:
   * - `line`: its process, also when that is killed in the same tick. One write(2) for each line.
   * - `buffered`: nothing for `flushInterval` or until `flushBytes` have come; then its process. A process that ends by
   *   itself, also by an uncaught error, flushes.
   * - `fsync`: as `buffered`; but what `append`, `flush` and `close` have waited for outlives a power loss.
   *
   * @default 'line'
   */
  readonly durability?: Durability | undefined
  /** The most bytes that this process keeps, adopted folders included. @default 1 GiB */
  readonly maxSpool?: number | undefined
  /**
   * With a full spool: `drop-new` drops the line that comes; `drop-oldest` drops the oldest segment; `block` lets `append`
   * wait for room, and `write`, which must not hold up the event loop, drop the line. Every drop is counted.
   * @default 'drop-new'
   */
  readonly onFull?: FullPolicy | undefined
  /** Bytes of one file of the log. @default 8 MiB, at most a quarter of `maxSpool` */
  readonly segmentBytes?: number | undefined
  /** Of `buffered`: bytes that are flushed at once. @default 64 KiB */
  readonly flushBytes?: number | undefined
  /** Of `buffered` and `fsync`: how long a line waits at most. @default '10ms' */
  readonly flushInterval?: Duration | undefined
  /** Longer lines, in UTF-16 units or bytes, are cut and say so. @default 1 Mi */
  readonly maxLine?: number | undefined
  /** How old the lock of a folder must be before a dead process's lines are taken over. @default '2s' */
  readonly adoptAfter?: Duration | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** Hears of losses and faults; not a logger that writes to this spool. @default silentLogger */
  readonly logger?: Logger | undefined
}
