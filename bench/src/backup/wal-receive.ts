import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours, type Benchmark, type Peer } from '../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../scripts/bench/build-once.ts'
import { measureCommand, measureNode } from '../../../scripts/bench/child-process.ts'
import { installationWithPeer } from './base-backup/cluster.ts'
import { receivewal, segmentsHash, startWalSource } from './wal/source.ts'

const pgReceivewal: Peer = {
  name: 'pg_receivewal',
  available: async () =>
    (await receivewal()) === undefined ? 'no PostgreSQL with pg_receivewal is installed' : undefined,
  version: async () => (await installationWithPeer())!.version.text,
}

/**
 * Receiving a stretch of WAL that waits in a slot, into segment files that are synced one by one; megabytes per second of
 * processor time of the whole process as users install it, its start included. The aim is 300 at least.
 */
export const benchmark: Benchmark = {
  name: 'backup/wal-receive',
  unit: 'MB/CPU-s',
  measure: 'cpu',
  better: 'higher',
  target: 0.5,
  peers: [pgReceivewal],
  async prepare({ quick }) {
    await buildOnce('core', 'backup')
    const source = await startWalSource(quick ? 200 : 400)
    const { connection } = source.server
    const script = fileURLToPath(new URL('wal/ours.mjs', import.meta.url))
    let round = 0
    return {
      async run(subject) {
        const into = mkdtempSync(join(tmpdir(), 'exprsn-bench-wal-'))
        const slot = `bench_${round++}`
        await source.slot(slot)
        try {
          const settings = JSON.stringify({ connection, slot, into, end: source.end })
          const { host, port, user } = connection
          const args = ['-h', host, '-p', String(port), '-U', user, '-S', slot, '-D', into, `--endpos=${source.end}`]
          const { cpu } =
            subject === ours
              ? await measureNode(script, [settings], { built: true })
              : await measureCommand((await receivewal())!, [...args, '--no-loop'])
          return { value: source.bytes / 1_000 / cpu, hash: segmentsHash(into) }
        } finally {
          await source.drop(slot)
          rmSync(into, { recursive: true, force: true })
        }
      },
      close: () => source.server.stop(),
    }
  },
}
