import { fileURLToPath } from 'node:url'
import type { PostgresServer } from '@exprsn/backup/server'
import { ours, type Peer, type PreparedBenchmark } from '../../../../scripts/bench/benchmark.ts'
import { measureCommand, measureNode } from '../../../../scripts/bench/child-process.ts'
import { installationWithPeer, peerAnswer, peerCommand, startFilledServer, type Transport } from './cluster.ts'

/** What one backup of the whole cluster cost the client. */
export interface BackupCost {
  /** Bytes of all files. */
  readonly bytes: number
  /** Milliseconds. */
  readonly wall: number
  /** User + system milliseconds. */
  readonly cpu: number
  readonly hash: string
}

/** PostgreSQL's own client. */
export const pgBasebackup: Peer = {
  name: 'pg_basebackup',
  async available() {
    const installation = await installationWithPeer()
    return installation === undefined ? 'no PostgreSQL with pg_basebackup is installed' : undefined
  },
  version: async () => (await installationWithPeer())!.version.text,
}

/** A filled server, and both clients reading all of it into nothing. */
export async function prepareBaseBackups(
  transport: Transport,
  value: (cost: BackupCost) => number,
): Promise<PreparedBenchmark> {
  const server = await startFilledServer(transport)
  try {
    const peerHash = await peerAnswer(server)
    const { bytes } = await runOurs(server)
    return {
      async run(subject) {
        const cost = subject === ours ? await runOurs(server) : await runPeer(server, { bytes, hash: peerHash })
        return { value: value(cost), hash: cost.hash }
      },
      close: () => server.stop(),
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function runOurs({ connection }: PostgresServer): Promise<BackupCost> {
  const script = fileURLToPath(new URL('ours.ts', import.meta.url))
  return JSON.parse((await measureNode(script, [JSON.stringify(connection)])).stdout) as BackupCost
}

/** Its output goes to the null device, so what it delivers was compared beforehand, in a run of its own. */
async function runPeer(server: PostgresServer, known: Pick<BackupCost, 'bytes' | 'hash'>): Promise<BackupCost> {
  const command = peerCommand(server, ['--format=tar', '-D', '-'])
  const { wall, cpu } = await measureCommand('sh', ['-c', 'exec "$@" > /dev/null', 'sh', ...command])
  return { ...known, wall, cpu }
}
