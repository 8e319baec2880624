import type { Benchmark, Peer } from './benchmark.ts'
import { resultRows, type ResultRow } from './result-rows.ts'
import { runRounds } from './run-rounds.ts'

/** A comparison that could not be made here. */
export interface NotRun {
  readonly name: string
  readonly peerName: string
  readonly reason: string
}

interface RunBenchmarkOptions {
  readonly quick: boolean
  /** `performance.now()` at which no further round is begun once the minimum is reached. */
  readonly deadline: number
}

/** Finds the peers that are here, prepares the input, runs the rounds and cleans up. */
export async function runBenchmark(
  benchmark: Benchmark,
  { quick, deadline }: RunBenchmarkOptions,
): Promise<{ readonly rows: readonly ResultRow[]; readonly notRun: readonly NotRun[] }> {
  const { present, notRun, versions } = await findPeers(benchmark)
  if (present.length === 0 && benchmark.peers.length > 0) return { rows: [], notRun }
  const prepared = await benchmark.prepare({ quick })
  try {
    const rounds = await runRounds({
      peers: present,
      better: benchmark.better,
      run: (subject) => prepared.run(subject),
      atLeast: quick ? 3 : (benchmark.atLeast ?? 9),
      atMost: quick ? 9 : 41,
      isOver: () => performance.now() > deadline,
    })
    return { rows: resultRows(benchmark, rounds, versions), notRun }
  } finally {
    await prepared.close()
  }
}

async function findPeers({ name, peers }: Benchmark) {
  const present: string[] = []
  const notRun: NotRun[] = []
  const versions: Record<string, string> = {}
  for (const peer of peers) {
    const reason = await reasonAbsent(peer)
    if (reason !== undefined) notRun.push({ name, peerName: peer.name, reason })
    else {
      present.push(peer.name)
      versions[peer.name] = await peer.version()
    }
  }
  return { present, notRun, versions }
}

async function reasonAbsent(peer: Peer): Promise<string | undefined> {
  try {
    return await peer.available()
  } catch (error) {
    return (error as Error).message
  }
}
