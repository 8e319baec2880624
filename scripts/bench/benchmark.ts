import type { Better } from './statistics.ts'

/** One question that is measured, ours and peers side by side: the export `benchmark` of bench/src/<package>/<row>.ts. */
export interface Benchmark {
  /** `<package>/<row>`, the row being the file's name. */
  readonly name: string
  /** Of the value, such as `ms` or `MB/s`. */
  readonly unit: string
  /** What was measured: elapsed time, user + system time, size, peak resident memory, or how many there were. */
  readonly measure: 'wall' | 'cpu' | 'bytes' | 'rss' | 'count'
  readonly better: Better
  /** The ratio to reach against every peer; without peers, the value of our own that we want to stay within. */
  readonly target: number
  /** Rounds that a thorough run makes at least: fewer where one takes half a minute. @default 9 */
  readonly atLeast?: number | undefined
  /** What users would install instead. May be empty. */
  readonly peers: readonly Peer[]
  /** Makes the input that all subjects get. Called once, after the peers were found. */
  prepare(options: PrepareOptions): Promise<PreparedBenchmark>
}

/** How thorough a run is wanted. */
export interface PrepareOptions {
  /** Whether the whole command should end within three minutes: smaller inputs are fine, fewer guarantees are not. */
  readonly quick: boolean
}

/** A benchmark whose input is ready. */
export interface PreparedBenchmark {
  /** One round of one subject: `ours`, or the name of a peer. */
  run(subject: string): Promise<Sample>
  /** Removes what `prepare` made. */
  close(): Promise<void>
}

/** What one round of one subject gave. */
export interface Sample {
  readonly value: number
  /** Digest of the answer. Ours and the peer's must be equal, or the row is void. */
  readonly hash: string
}

/** Something that users could take instead of ours. */
export interface Peer {
  readonly name: string
  /** Undefined when it can be run here, else why not. */
  available(): Promise<string | undefined>
  /** Its version; asked only when it is available. */
  version(): Promise<string>
}

/** The subject name of our own side. */
export const ours = 'ours'
