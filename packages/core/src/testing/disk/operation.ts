/** One call of a simulated disk, as hooks see it before it happens. */
export interface DiskOperation {
  /** How many calls that change something came before it. */
  readonly index: number
  /** The port's word: `open`, `write`, `fsync`, `rename`, `fsyncFolder` … */
  readonly name: string
  readonly path: string
  /** Whether it changes something. A crash before a call that only reads leaves nothing new to look at. */
  readonly changes: boolean
  /** Bytes of a write. */
  readonly size?: number | undefined
}

/**
 * What befalls a call:
 * - `crash`: the machine stops before it, halfway (a write has written half of its bytes) or after it, without an answer;
 * - `errno`: it fails with this reason of the system. A write has then written half of its bytes; after a failed
 *   `fsync` the changes since the last good one never reach the platter, although they can still be read and the next
 *   `fsync` succeeds (as on Linux; Rebello et al., "Can applications recover from fsync failures?", USENIX ATC 2020).
 */
export type DiskFault = { readonly crash: 'before' | 'halfway' | 'after' } | { readonly errno: string }

/** Decides what befalls a call; undefined lets it happen. */
export type Intercept = (operation: DiskOperation) => DiskFault | undefined
