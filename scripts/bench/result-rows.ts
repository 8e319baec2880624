import { ours, type Benchmark, type Sample } from './benchmark.ts'
import { roundRatios, type Rounds } from './run-rounds.ts'
import { median } from './statistics.ts'

/** One line of bench/results/<package>.json: a benchmark against one peer, or against its own bound. */
export interface ResultRow {
  readonly name: string
  readonly measure: Benchmark['measure']
  readonly unit: string
  /** Median of the rounds. */
  readonly ours: number
  /** Median of the rounds; null for a benchmark without peers. */
  readonly peer: number | null
  readonly peerName: string | null
  /** Of the peer and of whatever else the figures depend on. */
  readonly versions: Readonly<Record<string, string>>
  /** How many times better ours is: the median of the rounds' ratios. Null without a peer, and in a void row. */
  readonly ratio: number | null
  readonly target: number
  readonly rounds: number
  /** Whether the ratio had not settled when the rounds were over. */
  readonly noisy: boolean
  /** Why the row says nothing: the answers differ. */
  readonly void?: string
}

/** Turns the rounds of a benchmark into its rows, one per peer. */
export function resultRows(
  benchmark: Benchmark,
  { samples, rounds, noisy }: Rounds,
  versions: Readonly<Record<string, string>>,
): ResultRow[] {
  const own = samples.get(ours)!
  const peerNames = [...samples.keys()].filter((name) => name !== ours)
  return (peerNames.length === 0 ? [null] : peerNames).map((peerName) => {
    const peer = peerName === null ? undefined : samples.get(peerName)!
    const reason = voidReason(own, peer, peerName)
    const ratio = peer === undefined || reason !== undefined ? null : median(roundRatios(own, peer, benchmark.better))
    return {
      name: benchmark.name,
      measure: benchmark.measure,
      unit: benchmark.unit,
      ours: median(own.map(({ value }) => value)),
      peer: peer === undefined ? null : median(peer.map(({ value }) => value)),
      peerName,
      versions: peerName === null ? {} : { [peerName]: versions[peerName]! },
      ratio,
      target: benchmark.target,
      rounds,
      noisy,
      ...(reason === undefined ? {} : { void: reason }),
    }
  })
}

function voidReason(own: readonly Sample[], peer: readonly Sample[] | undefined, peerName: string | null) {
  const hashes = new Set(own.map(({ hash }) => hash))
  if (hashes.size > 1) return 'our answer differs between rounds'
  const peerHashes = new Set(peer?.map(({ hash }) => hash))
  if (peerHashes.size > 1) return `the answer of ${peerName} differs between rounds`
  return peer === undefined || [...peerHashes].every((hash) => hashes.has(hash))
    ? undefined
    : `${peerName} gave another answer than ours`
}

/** Whether a row reaches its target. */
export function reachesTarget(row: ResultRow, better: Benchmark['better']): boolean {
  if (row.peerName !== null) return row.ratio !== null && row.ratio >= row.target
  return better === 'lower' ? row.ours <= row.target : row.ours >= row.target
}
