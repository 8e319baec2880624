import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '@exprsn/core'
import { describe, expect, it } from 'vitest'
import { startServerProcess, type ServerProcess, type ServerProcessOptions } from './server-process.ts'
import { stopProcess } from './stop-process.ts'
import type { Watchdog } from './watchdog.ts'

const told: string[] = []
const watchdog: Watchdog = {
  processId: undefined,
  guard: (id) => void told.push(`guard ${id}`),
  unguard: (id) => void told.push(`unguard ${id}`),
  release: () => {},
}

function server(script: string, options: Partial<ServerProcessOptions> = {}): ServerProcess {
  const fixed = { program: '/bin/sh', programArguments: ['-c', script], cwd: '/', user: undefined, watchdog }
  return startServerProcess({ ...fixed, readyLine: /ready/, ...options })
}

describe('startServerProcess', () => {
  it('is ready when the line appears, on either stream, also in pieces', async () => {
    for (const stream of ['', '>&2']) {
      const started = server(`printf 're' ${stream}; sleep 0.05; printf 'ady\\n' ${stream}; exec sleep 60`)
      expect(await started.ready).toBe(true)
      expect(started.log()).toEqual(['ready'])
      started.kill('SIGKILL')
      expect(await started.exited).toEqual({ code: null, signal: 'SIGKILL' })
    }
  })

  it('is not ready when it ends first, and has its last words', async () => {
    const started = server('echo almost; printf "no newline"; exit 7')
    expect(await started.ready).toBe(false)
    expect(await started.exited).toEqual({ code: 7, signal: null })
    expect(started.log()).toEqual(['almost', 'no newline'])
    expect(started.kill('SIGTERM')).toBe(false)
  })

  it('says so when the program cannot be run', async () => {
    const started = server('', { program: '/nowhere/server' })
    expect(await started.ready).toBe(false)
    expect(await started.exited).toEqual({ code: 127, signal: null })
    expect(started.log()[0]).toContain('/nowhere/server')
  })

  it('keeps the last 2,000 lines and hands over all', async () => {
    let lines = 0
    const started = server('i=0; while [ $i -lt 2500 ]; do echo "line $i"; i=$((i+1)); done', { onLine: () => lines++ })
    await started.closed
    expect(lines).toBe(2_500)
    expect(started.log()).toHaveLength(2_000)
    expect(started.log()[0]).toBe('line 500')
  })

  it('is guarded from its first moment until it has ended', async () => {
    told.length = 0
    const started = server('exit 0')
    expect(told).toEqual([`guard ${started.processId}`])
    await started.closed
    expect(told).toEqual([`guard ${started.processId}`, `unguard ${started.processId}`])
  })

  it('is called by another name where that makes the difference', async () => {
    const started = server('', { programArguments: ['-c', 'echo "ready $0"'], calledAs: 'redis-server' })
    await started.closed
    expect(started.log()).toEqual(['ready redis-server'])
  })

  it('does not keep its process alive when it is not held', async () => {
    const program = `
      import { startServerProcess } from ${JSON.stringify(join(import.meta.dirname, 'server-process.ts'))}
      const watchdog = { guard() {}, unguard() {}, release() {} }
      const server = startServerProcess({ program: '/bin/sh', programArguments: ['-c', 'echo ready; exec sleep 2'],
        cwd: '/', user: undefined, readyLine: /ready/, watchdog })
      await server.ready
      server.hold(false)`
    const started = performance.now()
    const child = spawn(process.execPath, ['--conditions=@exprsn/source', '--input-type=module', '-e', program], {
      stdio: 'inherit',
    })
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(performance.now() - started).toBeLessThan(1_900)
  })
})

describe('stopProcess', () => {
  it('is content with the first step that works', async () => {
    const started = server('echo ready; exec sleep 60')
    await started.ready
    await stopProcess(started, [{ signal: 'SIGTERM', patience: 5_000 }], systemClock)
    expect(await started.exited).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('goes on to the next step, and in the end kills', async () => {
    const started = server("trap '' TERM INT; echo ready; while :; do sleep 0.02; done")
    await started.ready
    const steps = [
      { signal: 'SIGTERM', patience: 50 },
      { signal: 'SIGINT', patience: 50 },
    ] as const
    await stopProcess(started, steps, systemClock)
    expect(await started.exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('waits for the children of the server, which write into its folder', async () => {
    const started = server('(sleep 0.3; echo child done) & echo ready; wait')
    await started.ready
    await stopProcess(started, [{ signal: 'SIGKILL', patience: 5_000 }], systemClock)
    expect(started.log()).toContain('child done')
  })

  it('returns at once when the server has ended', async () => {
    const started = server('exit 0')
    await started.closed
    await delay(10)
    const before = performance.now()
    await stopProcess(started, [{ signal: 'SIGTERM', patience: 60_000 }], systemClock)
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
