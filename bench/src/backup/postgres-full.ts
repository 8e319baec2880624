import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../scripts/bench/build-once.ts'
import { measureCommand, measureNode } from '../../../scripts/bench/child-process.ts'
import { pgBackRest, pgBackRestCommand, relationsHash } from './postgres/pgbackrest.ts'
import { serverCpu, startAccounts } from './postgres/source.ts'

/**
 * A first full backup of a cluster, compressed, encrypted and stored durably: processor time of the program and of the server together, since
 * ours has the server read its files and pgBackRest reads them itself. What both bring back is compared once, file by file.
 */
export const benchmark: Benchmark = {
  name: 'backup/postgres-full',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 0.85,
  peers: [pgBackRest],
  async prepare({ quick }) {
    await buildOnce('core', 'backup')
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-full-'))
    const server = await startAccounts(quick ? 4_000_000 : 10_000_000)
    const script = fileURLToPath(new URL('postgres/ours.ts', import.meta.url))
    const our = (task: string, repository: string, ...rest: readonly string[]) =>
      measureNode(script, [task, JSON.stringify(server.connection), repository, `${repository}.cache`, ...rest], {
        built: true,
      })
    const their = (repository: string, ...args: readonly string[]) => {
      const [command, ...rest] = pgBackRestCommand(server, repository, args)
      return measureCommand(command!, rest)
    }
    const close = async (): Promise<void> => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    let round = 0
    const backUp = async (subject: string, repository: string): Promise<number> => {
      if (subject !== ours) await their(repository, 'stanza-create')
      // Nobody pays for what was written before.
      execFileSync('sync')
      const before = serverCpu(server)
      const { cpu } =
        subject === ours ? await our('backup', repository) : await their(repository, 'backup', '--type=full')
      return cpu + serverCpu(server) - before
    }
    try {
      const hashes = new Map<string, string>()
      for (const subject of [ours, pgBackRest.name]) {
        const repository = join(folder, `compare-${subject}`)
        await backUp(subject, repository)
        const into = join(folder, `restored-${subject}`)
        if (subject === ours) {
          const { dataFolder } = JSON.parse((await our('restore', repository, into)).stdout) as { dataFolder: string }
          hashes.set(subject, relationsHash(dataFolder))
        } else {
          mkdirSync(into)
          await their(repository, 'restore', `--pg1-path=${into}`, '--type=immediate')
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
}
