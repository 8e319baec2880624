import { ours, type Sample } from './benchmark.ts'
import { ratioOf, spread, type Better } from './statistics.ts'

interface RunRoundsOptions {
  /** Names of the peers beside ours. */
  readonly peers: readonly string[]
  readonly better: Better
  readonly run: (subject: string) => Promise<Sample>
  /** Rounds that are run in any case. */
  readonly atLeast: number
  /** Rounds after which a row that has not settled is called noisy. */
  readonly atMost: number
  /** Whether the time for more rounds is over; asked once the minimum is reached. */
  readonly isOver?: (() => boolean) | undefined
}

/** The samples of every subject, round by round, and whether the ratios have settled. */
export interface Rounds {
  readonly samples: ReadonlyMap<string, readonly Sample[]>
  readonly rounds: number
  readonly noisy: boolean
}

/** Half-width of the interval within which a settled median may still move. */
const settledSpread = 0.05

/**
 * Runs ours and the peers in turn until each ratio has settled. Every round takes the subjects in the opposite order of
 * the one before, so that warming up, cooling down and neighbours on the machine fall on all of them alike.
 */
export async function runRounds(options: RunRoundsOptions): Promise<Rounds> {
  const subjects = [ours, ...options.peers]
  const samples = new Map(subjects.map((subject) => [subject, [] as Sample[]]))
  let rounds = 0
  let noisy = true
  while (rounds < options.atMost && (rounds < options.atLeast || (noisy && options.isOver?.() !== true))) {
    for (const subject of rounds % 2 === 0 ? subjects : subjects.toReversed())
      samples.get(subject)!.push(await options.run(subject))
    rounds++
    noisy = settling(samples, options).some((values) => spread(values) > settledSpread)
  }
  return { samples, rounds, noisy }
}

/** What has to settle: the ratio to each peer, or our own value where there is none. */
function settling(samples: Rounds['samples'], { peers, better }: RunRoundsOptions): number[][] {
  const own = samples.get(ours)!
  if (peers.length === 0) return [own.map(({ value }) => value)]
  return peers.map((peer) => roundRatios(own, samples.get(peer)!, better))
}

/** The ratio within each round. */
export function roundRatios(own: readonly Sample[], peer: readonly Sample[], better: Better): number[] {
  return own.map(({ value }, round) => ratioOf(value, peer[round]!.value, better))
}
