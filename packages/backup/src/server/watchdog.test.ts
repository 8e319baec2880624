import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder, type TemporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startWatchdog } from './watchdog.ts'

let folder: TemporaryFolder
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await folder.remove()
})

function sleeper(script = 'exec sleep 60'): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], { stdio: 'ignore', detached: true })
  children.push(child)
  return child
}

/** A process with a watchdog over `guarded` and `removed`; it does what it is told on the way, and then waits. */
async function host(guarded: readonly number[], removed: readonly string[], onTheWay = ''): Promise<ChildProcess> {
  const program = `
    import { startWatchdog } from ${JSON.stringify(join(import.meta.dirname, 'watchdog.ts'))}
    const watchdog = startWatchdog(${JSON.stringify(removed)})
    for (const id of ${JSON.stringify(guarded)}) watchdog.guard(id)
    ${onTheWay}
    setInterval(() => {}, 1000)
    setTimeout(() => console.log('ready'), 50)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  await once(child.stdout!, 'data')
  return child
}

async function within(milliseconds: number, condition: () => boolean): Promise<boolean> {
  for (const end = performance.now() + milliseconds; performance.now() < end; await delay(20))
    if (condition()) return true
  return condition()
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

describe('startWatchdog', () => {
  it('ends processes and removes folders when its process is killed', async () => {
    const path = join(folder.path, "a folder's name; $(touch no)")
    mkdirSync(join(path, 'deep'), { recursive: true })
    writeFileSync(join(path, 'deep', 'file'), 'content')
    const server = sleeper()
    const owner = await host([server.pid!], [path])
    expect(ended(server)).toBe(false)
    owner.kill('SIGKILL')
    expect(await within(5_000, () => ended(server) && !existsSync(path))).toBe(true)
    expect(server.signalCode).toBe('SIGINT')
    expect(existsSync(folder.path)).toBe(true)
  })

  it('gets the better of a process that is stopped and one that ignores SIGINT and SIGQUIT', async () => {
    const stubborn = sleeper("trap '' INT QUIT; while :; do sleep 0.1; done")
    const stopped = sleeper()
    await delay(100)
    stopped.kill('SIGSTOP')
    const owner = await host([stubborn.pid!, stopped.pid!], [])
    owner.kill('SIGKILL')
    expect(await within(8_000, () => ended(stubborn) && ended(stopped))).toBe(true)
    expect(stubborn.signalCode).toBe('SIGKILL')
  })

  it('ends the whole group of a process', async () => {
    const file = join(folder.path, 'alive')
    const leader = sleeper(`(while :; do echo x >> '${file}'; sleep 0.05; done) & wait`)
    const owner = await host([leader.pid!], [])
    owner.kill('SIGKILL')
    const size = () => statSync(file).size
    let last = size()
    await within(5_000, () => ended(leader))
    for (let rounds = 0; rounds < 20 && last !== size(); rounds++) {
      last = size()
      await delay(200)
    }
    expect(size()).toBe(last)
  })

  it('forgets a process that has ended, for its number may belong to another by then', async () => {
    const spared = sleeper()
    const owner = await host([spared.pid!], [], `watchdog.unguard(${spared.pid})`)
    owner.kill('SIGKILL')
    await delay(300)
    expect(ended(spared)).toBe(false)
  })

  it('does nothing after its release', async () => {
    const spared = sleeper()
    const owner = await host([spared.pid!], [folder.path], 'watchdog.release()')
    owner.kill('SIGKILL')
    await delay(300)
    expect(ended(spared)).toBe(false)
    expect(existsSync(folder.path)).toBe(true)
  })

  it('survives the signals of a terminal', async () => {
    const path = join(folder.path, 'inner')
    mkdirSync(path)
    const watchdog = startWatchdog([path])
    await delay(50)
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGQUIT'] as const) process.kill(watchdog.processId!, signal)
    await delay(100)
    expect(() => process.kill(watchdog.processId!, 0)).not.toThrow()
    expect(existsSync(path)).toBe(true)
    watchdog.release()
  })

  it('lets its process end by itself, and cleans up then', async () => {
    const path = join(folder.path, 'inner')
    mkdirSync(path)
    const program = `
      import { startWatchdog } from ${JSON.stringify(join(import.meta.dirname, 'watchdog.ts'))}
      startWatchdog([${JSON.stringify(path)}])`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await within(5_000, () => !existsSync(path))).toBe(true)
  })
})
