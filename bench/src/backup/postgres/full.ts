import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../../scripts/bench/build-once.ts'
import { measureCommand, measureNode } from '../../../../scripts/bench/child-process.ts'
import { pgBackRest, pgBackRestAt, relationsHash, type PgBackRest } from './pgbackrest.ts'
import { archiveWith, serverCpu, startAccounts } from './source.ts'

/** How ours gets at the files of the server. */
export type Way = 'data-folder' | 'protocol'

/**
 * A first full backup of a cluster with the log that makes it consistent, compressed, encrypted and stored durably: processor time of the
 * program and of the server together, since over the protocol the server reads the files, and ours receives the log while the server
 * hands it to pgBackRest. What both bring back is compared once, file by file.
 */
export const fullBackup = (way: Way): Omit<Benchmark, 'name'> => ({
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 0.85,
  peers: [pgBackRest],
  async prepare({ quick }) {
    await buildOnce('core', 'backup')
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-full-'))
    // The user of the server gets to its own folders in it.
    chmodSync(folder, 0o711)
    const server = await startAccounts(quick ? 4_000_000 : 10_000_000)
    const script = fileURLToPath(new URL('ours.mjs', import.meta.url))
    const { connection, dataFolder } = server
    const source = JSON.stringify(way === 'protocol' ? { connection } : { connection, dataFolder })
    const our = (task: string, repository: string, ...rest: readonly string[]) =>
      measureNode(script, [task, source, repository, `${repository}.cache`, ...rest], { built: true })
    const their = (at: PgBackRest, ...args: readonly string[]) => {
      const [command, ...rest] = at.command(...args)
      return measureCommand(command!, rest)
    }
    const close = async (): Promise<void> => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    let round = 0
    const backUp = async (subject: string, repository: string): Promise<number> => {
      const peer = subject === ours ? undefined : pgBackRestAt(server, repository)
      if (peer !== undefined) await their(peer, 'stanza-create')
      await archiveWith(server, peer?.archiveCommand ?? 'true')
      // Nobody pays for what was written before.
      execFileSync('sync')
      const before = serverCpu(server)
      const { cpu } = await (peer === undefined ? our('backup', repository) : their(peer, 'backup', '--type=full'))
      const used = cpu + serverCpu(server) - before
      await archiveWith(server, 'true')
      return used
    }
    try {
      const hashes = new Map<string, string>()
      for (const subject of [ours, pgBackRest.name]) {
        const repository = join(folder, `compare-${subject}`)
        await backUp(subject, repository)
        const into = join(folder, `restored-${subject}`)
        if (subject === ours) {
          const restored = JSON.parse((await our('restore', repository, into)).stdout) as { dataFolder: string }
          hashes.set(subject, relationsHash(restored.dataFolder))
        } else {
          mkdirSync(into)
          const { uid, gid } = statSync(dataFolder)
          chownSync(into, uid, gid)
          await their(pgBackRestAt(server, repository), 'restore', `--pg1-path=${into}`, '--type=immediate')
          hashes.set(subject, relationsHash(into))
        }
        rmSync(repository, { recursive: true, force: true })
        rmSync(into, { recursive: true, force: true })
      }
      return {
        async run(subject) {
          const repository = join(folder, `round-${round++}`)
          const value = await backUp(subject, repository)
          rmSync(repository, { recursive: true, force: true })
          return { value, hash: hashes.get(subject)! }
        },
        close,
      }
    } catch (error) {
      await close()
      throw error
    }
  },
})
