import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

/** Where what is read goes: a folder is synced by both. */
export type Target = 'nothing' | 'folder'

/** A filled server, and both clients reading all of it. */
export async function prepareBaseBackups(
  transport: Transport,
  value: (cost: BackupCost) => number,
  target: Target = 'nothing',
): Promise<PreparedBenchmark> {
  const server = await startFilledServer(transport)
  try {
    const peerHash = await peerAnswer(server)
    const { bytes } = await runOurs(server, target)
    return {
      async run(subject) {
        const known = { bytes, hash: peerHash }
        // Nobody pays for what was written before.
        if (target === 'folder') execFileSync('sync')
        const cost = subject === ours ? await runOurs(server, target) : await runPeer(server, target, known)
        return { value: value(cost), hash: cost.hash }
      },
      close: () => server.stop(),
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function runOurs({ connection }: PostgresServer, target: Target): Promise<BackupCost> {
  const script = fileURLToPath(new URL('ours.ts', import.meta.url))
  return inFolder(target, async (into) => {
    const { stdout } = await measureNode(script, [JSON.stringify(connection), ...(into === undefined ? [] : [into])])
    return JSON.parse(stdout) as BackupCost
  })
}

/** What it delivers was compared beforehand, in a run of its own. */
async function runPeer(
  server: PostgresServer,
  target: Target,
  known: Pick<BackupCost, 'bytes' | 'hash'>,
): Promise<BackupCost> {
  return inFolder(target, async (into) => {
    const command = peerCommand(
      server,
      into === undefined ? ['--format=tar', '-D', '-'] : ['--format=plain', '-D', into],
    )
    const { wall, cpu } =
      into === undefined
        ? await measureCommand('sh', ['-c', 'exec "$@" > /dev/null', 'sh', ...command])
        : await measureCommand(command[0]!, command.slice(1))
    return { ...known, wall, cpu }
  })
}

async function inFolder(target: Target, run: (into: string | undefined) => Promise<BackupCost>): Promise<BackupCost> {
  if (target === 'nothing') return run(undefined)
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-base-'))
  try {
    return await run(join(folder, 'backup'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
