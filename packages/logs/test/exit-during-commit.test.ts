import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { createShipper, memorySink } from '@exprsn/logs'
import { describe, expect, it } from 'vitest'
import { mortalWorld } from './simulations/log-wal/mortal.ts'
import { drive } from './simulations/log-wal/simulate-logs.ts'

/** What the process does at its end, as far as it is ours. */
function endOfProcess(): void {
  for (const listener of process.listeners('exit')) if (listener.name === 'flushAll') (listener as () => void)()
}

/** A process that ends by itself at a call of a group commit to its disk, and what its heir finds. */
async function endAt(call: number, segmentBytes: number): Promise<{ calls: number; texts: readonly string[] }> {
  const clock = new SimulatedClock()
  let calls = -Infinity
  let end = (): void => {}
  const disk = createSimulatedDisk({
    clock,
    intercept() {
      if (++calls === call) end()
      return undefined
    },
  })
  disk.makeFolderSync('/spool')
  const world = mortalWorld(disk, clock)
  const shipper = createShipper({
    sinks: [],
    spool: '/spool',
    durability: 'fsync',
    segmentBytes,
    disk: world.disk,
    clock: world.clock,
  })
  await drive(clock, shipper.append('earlier'.repeat(150)))
  shipper.write('under way')
  end = () => {
    shipper.write('waiting')
    endOfProcess()
    void world.kill()
  }
  calls = 0
  await clock.advanceBy(10)
  const reached = calls
  if (reached < call) end()
  const sink = memorySink()
  const heir = createShipper({ sinks: [sink], spool: '/spool', adoptAfter: 0, disk, clock })
  await drive(clock, heir.start())
  await drive(clock, heir.flush())
  await drive(clock, heir.close())
  return { calls: reached, texts: sink.records.map(({ text }) => text.slice(0, 10)) }
}

describe('a process that ends by itself during a group commit', () => {
  it.for([1_024, 65_536])('flushes every line, once, at whichever call (segments of %s bytes)', async (bytes) => {
    let most = 0
    for (let call = 1; call < 20; call++) {
      const { calls, texts } = await endAt(call, bytes)
      most = Math.max(most, calls)
      expect(texts).toEqual(['earlierear', 'under way', 'waiting'])
    }
    expect(most).toBeGreaterThan(1)
  })
})
