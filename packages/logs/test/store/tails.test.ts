import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { createLogStore, type LogLine } from '@exprsn/logs/store'
import { describe, expect, it } from 'vitest'
import { mortalWorld } from '../simulations/log-wal/mortal.ts'

/** Takes lines of a tail until there are so many. */
async function take(tail: AsyncIterable<LogLine>, count: number): Promise<string[]> {
  const texts: string[] = []
  for await (const { text } of tail) if (texts.push(text) === count) break
  return texts
}

describe('a tail in a process that does not write', () => {
  const options = { path: '/store', sealAfter: 0, maintenanceInterval: 0, adoptInterval: '1s' } as const

  function world() {
    const clock = new SimulatedClock({ now: 1_795_000_000_000 })
    const disk = createSimulatedDisk({ clock })
    const tails = () => disk.entriesSync('/store/tails').map(({ name }) => name)
    return { clock, disk, tails }
  }

  it('has what matches as it comes, whoever logs it, with its place, and leaves nothing behind', async () => {
    const { clock, disk, tails } = world()
    const writer = createLogStore({ ...options, disk, clock })
    const reader = createLogStore({ ...options, disk, clock })
    await writer.append('{"level":50,"msg":"before"}')
    const controller = new AbortController()
    const found: LogLine[] = []
    const following = (async () => {
      for await (const line of reader.tail('level:error _time:>2020-01-01', { signal: controller.signal }))
        found.push(line)
    })()
    await clock.advanceBy(2_000)
    await writer.append(['{"level":50,"n":1}', '{"level":30,"n":2}', '{"level":50,"n":3}'])
    await reader.append('{"level":50,"n":4}')
    await clock.advanceBy(5_000)
    expect(found.map(({ text }) => text)).toEqual(['{"level":50,"n":1}', '{"level":50,"n":3}', '{"level":50,"n":4}'])
    expect(found[0]).toMatchObject({ time: 1_795_000_002_000, sequence: 2 })
    expect(await writer.context(found[1]!, { before: 1, after: 0 })).toMatchObject([{ text: '{"level":30,"n":2}' }])
    controller.abort()
    await following
    await clock.advanceBy(2_000)
    expect(tails()).toEqual([])
    await reader.close()
    await writer.close()
  })

  it('goes on when another process becomes the writer, and ends with the store', async () => {
    const { clock, disk } = world()
    const mortal = mortalWorld(disk, clock)
    const first = createLogStore({ ...options, disk: mortal.disk, clock: mortal.clock })
    const heir = createLogStore({ ...options, disk, clock })
    const reader = createLogStore({ ...options, adoptInterval: 0, disk, clock })
    await first.append('{"n":0}')
    await heir.flush()
    const found: string[] = []
    const following = (async () => {
      for await (const { text } of reader.tail('*')) found.push(text)
    })()
    await clock.advanceBy(2_000)
    await first.append('{"n":1}')
    await clock.advanceBy(2_000)
    await mortal.kill()
    await clock.advanceBy(5_000)
    expect(heir.status().isWriter).toBe(true)
    await heir.append('{"n":2}')
    await clock.advanceBy(2_000)
    expect(found).toEqual(['{"n":1}', '{"n":2}'])
    const closing = reader.close()
    await clock.advanceBy(2_000)
    await closing
    await following
    await heir.close()
  })

  it('that has died is forgotten, and one that is slow is told what it missed', async () => {
    const { clock, disk, tails } = world()
    const writer = createLogStore({ ...options, disk, clock })
    await writer.append('{"before":true}')
    const mortal = mortalWorld(disk, clock)
    const dying = createLogStore({ ...options, adoptInterval: 0, disk: mortal.disk, clock: mortal.clock })
    void take(dying.tail('*'), 1).catch(() => {})
    const slow = createLogStore({ ...options, adoptInterval: 0, disk, clock })
    const dropped: number[] = []
    let goOn = (): void => {}
    const gate = new Promise<void>((resolve) => (goOn = resolve))
    const found: string[] = []
    const following = (async () => {
      for await (const { text } of slow.tail('*', { onDropped: (count) => dropped.push(count) }))
        if (found.push(text) === 1) await gate
    })()
    await clock.advanceBy(2_000)
    await mortal.kill()
    for (let batch = 0; batch < 40; batch++) {
      await writer.append(Array.from({ length: 1_000 }, (_, at) => `{"n":${batch * 1_000 + at}}`))
      await clock.advanceBy(200)
    }
    await clock.advanceBy(2_000)
    // The dead one's question is gone, and what waits for the slow one is bounded.
    expect(tails().filter((name) => name.endsWith('.tail'))).toHaveLength(1)
    expect(tails().length).toBeLessThanOrEqual(20)
    goOn()
    while (dropped.length === 0) {
      await writer.append('{"late":true}')
      await clock.advanceBy(500)
    }
    expect(found[0]).toBe('{"n":0}')
    expect(found.length + dropped[0]!).toBeGreaterThan(40_000)
    const closing = slow.close()
    await clock.advanceBy(2_000)
    await closing
    await following
    await writer.close()
  })
})

it('a tail follows another process over the disk of the machine', { timeout: 120_000 }, async () => {
  const folder = await makeTemporaryFolder(systemDisk)
  const program = fileURLToPath(new URL('../simulations/store-kills/child.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', program, folder, 'p0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const said = createInterface({ input: child.stdout })
    for await (const line of said) if (line === 'writes') break
    const reader = createLogStore({ path: `${folder}/store`, sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 })
    const lines = await take(reader.tail('appended'), 200)
    expect(reader.status().isWriter).toBe(false)
    // In the order in which the other process has given them, none twice and none left out.
    const numbers = lines.map((line) => /: (\d+)\.(\d+)$/.exec(line)!.slice(1).map(Number))
    for (const [at, [index, part]] of numbers.entries()) {
      if (at === 0) continue
      const [before, partBefore] = numbers[at - 1]!
      const isNext = index === before && part === partBefore! + 1
      const isFirst = index === before! + 1 && part === 0 && partBefore === before! % 4
      expect({ line: lines[at], follows: isNext || isFirst }).toEqual({ line: lines[at], follows: true })
    }
    await reader.close()
  } finally {
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    await removeTree(systemDisk, folder)
  }
})
