import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toNodeHandler } from '@exprsn/core/http'
import { createLogHandler } from '@exprsn/logs/http'
import { createLogStore } from '@exprsn/logs/store'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { corpus, digest } from './store/corpus.ts'

/** Five questions, four readers each: a line goes to about seven of the twenty. */
const questions = ['*', 'service:api', 'failed', 'level:error', 'took:>450']
const readersEach = 4
const batch = 500
/** Milliseconds between batches: 50,000 lines a second. */
const turn = 10

/**
 * What twenty readers of server-sent events take of a core while 50,000 lines a second are appended: the time of the processor with
 * them, less that of the same lines without. The readers are in a process of their own.
 */
export const benchmark: Benchmark = {
  name: 'logs/tail',
  unit: '% of a core',
  measure: 'cpu',
  better: 'lower',
  target: 40,
  peers: [],
  async prepare({ quick }) {
    const lines = Array.from(corpus(50_000 * (quick ? 3 : 6)), ({ raw }) => raw)
    return {
      async run() {
        const without = await follow(lines, 0)
        const { seconds, arrived } = await follow(lines, readersEach)
        const counts = JSON.parse(arrived) as readonly (readonly [string, number])[]
        // A reader that was too slow has lost lines, and has cost less: that is no figure.
        for (const [reader, count] of counts)
          if (reader.startsWith('0.') && count !== lines.length)
            throw new Error(`${count} of ${lines.length} lines arrived.`)
        const share = (seconds - without.seconds) / (lines.length / 50_000)
        return { value: share * 100, hash: digest(arrived) }
      },
      async close() {},
    }
  },
}

async function follow(lines: readonly string[], readers: number) {
  const path = mkdtempSync(join(tmpdir(), 'exprsn-bench-tail-'))
  const store = createLogStore({ path, sealAfter: 0, maintenanceInterval: 0 })
  const server = createServer(toNodeHandler(createLogHandler(store)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const script = join(import.meta.dirname, 'store', 'tail-readers-process.ts')
  const wanted = JSON.stringify({ port, readers, questions })
  const child = spawn(process.execPath, [...process.execArgv, script, wanted], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const before = process.cpuUsage()
  const begin = performance.now()
  const appended: Promise<void>[] = []
  for (let at = 0, due = begin; at < lines.length; at += batch, due += turn) {
    appended.push(store.append(lines.slice(at, at + batch)))
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due + turn - performance.now())))
  }
  await Promise.all(appended)
  const counted = once(child.stdout, 'data')
  // All are there when the readers say so: what is on its way is part of the work.
  child.stdin.write(`${lines.length}\n`)
  const [text] = (await counted) as [Buffer]
  const { user, system } = process.cpuUsage(before)
  child.kill()
  server.closeAllConnections()
  server.close()
  await store.close()
  rmSync(path, { recursive: true, force: true })
  return { seconds: (user + system) / 1e6, arrived: text.toString() }
}
