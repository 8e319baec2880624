import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memorySink } from '../drivers/memory.ts'
import { createRecord } from '../record/log-record.ts'
import { createShipper } from '../shipper/create-shipper.ts'
import { createPipeline } from './create-pipeline.ts'
import type { PipelineEvent } from './step.ts'
import { tailSample } from './tail-sample.ts'

const context = { signal: new AbortController().signal, attempt: 1 }
const keyOf = ({ fields }: PipelineEvent): string | undefined => fields.trace as string | undefined
const line = (level: number, trace?: string) => JSON.stringify({ level, trace })
let ids = 0

async function through(pipeline: ReturnType<typeof createPipeline>, lines: readonly string[]): Promise<string[]> {
  const sink = memorySink()
  const records = lines.map((text) => createRecord({ id: `t-${++ids}`, bytes: Buffer.from(text), fallbackTime: 1 }))
  if (records.length > 0) await pipeline.into(sink).send({ id: 'b', records }, context)
  return sink.records.map(({ text }) => text)
}

describe('tailSample', () => {
  it('keeps all lines of a key in which something went wrong, also those before it, and lines without a key', async () => {
    const pipeline = createPipeline(tailSample({ keyOf }))
    const lines = [line(30, 'a'), line(30, 'b'), line(20), line(50, 'a'), line(30, 'a'), line(30, 'b')]
    expect(await through(pipeline, lines)).toEqual([lines[0], lines[2], lines[3], lines[4]])
    expect(pipeline.counts).toEqual({ seen: 6, dropped: 2, failed: 0 })
    // What comes later of a key worth keeping is kept.
    expect(await through(pipeline, [line(30, 'a'), line(30, 'b')])).toEqual([line(30, 'a')])
  })

  it('drops nothing of a key that is kept and everything of one that is not, whatever the lines are', async () => {
    const levels = fc.constantFrom(20, 30, 40, 50)
    const lines = fc.array(fc.record({ level: levels, trace: fc.constantFrom('a', 'b', 'c', 'd') }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(lines, fc.double({ min: 0, max: 1, noNaN: true }), async (all, rate) => {
        const kept = await through(
          createPipeline(tailSample({ keyOf, rate })),
          all.map(({ level, trace }) => line(level, trace)),
        )
        for (const trace of ['a', 'b', 'c', 'd']) {
          const own = all.filter((each) => each.trace === trace).map(({ level }) => line(level, trace))
          const left = kept.filter((text) => (JSON.parse(text) as { trace: string }).trace === trace)
          const isSevere = all.some((each) => each.trace === trace && each.level >= 40)
          expect(left).toEqual(isSevere || left.length > 0 ? own : [])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('lets a share of the other keys through, each as a whole and the same every time', async () => {
    const lines = Array.from({ length: 4_000 }, (_, index) => line(30, `trace-${index % 2_000}`))
    const kept = await through(createPipeline(tailSample({ keyOf, rate: 0.25 })), lines)
    expect(kept.length / lines.length).toBeGreaterThan(0.2)
    expect(kept.length / lines.length).toBeLessThan(0.3)
    expect(kept.length % 2).toBe(0)
    expect(await through(createPipeline(tailSample({ keyOf, rate: 0.25 })), lines)).toEqual(kept)
  })

  it('forgets the oldest keys, but none of a batch before that is through', async () => {
    const pipeline = createPipeline(tailSample({ keyOf, mostKeys: 2 }))
    const all = ['a', 'b', 'c'].flatMap((trace) => [line(30, trace), line(50, trace)])
    expect(await through(pipeline, all)).toEqual(all)
    await through(pipeline, [line(50, 'd')])
    expect(await through(pipeline, [line(30, 'a'), line(30, 'b'), line(30, 'c'), line(30, 'd')])).toEqual([
      line(30, 'c'),
      line(30, 'd'),
    ])
  })

  it('lets lines wait in the spool until its window is over', async () => {
    const clock = new SimulatedClock()
    const disk = createSimulatedDisk({ clock })
    disk.makeFolderSync('/spool')
    const sink = memorySink()
    const pipeline = createPipeline(tailSample({ keyOf, window: '10s' }))
    const shipper = createShipper({ sinks: [pipeline.into(sink)], spool: '/spool', disk, clock, linger: 10 })
    await shipper.start()
    shipper.write(line(30, 'a'))
    await clock.advanceBy('5s')
    shipper.write(line(50, 'a'))
    expect(sink.records).toHaveLength(0)
    await clock.advanceBy('10s')
    expect(sink.records).toHaveLength(2)
    await shipper.close()
  })

  it('refuses options that make no sense, and survives a test that throws', async () => {
    for (const options of [{ rate: 2 }, { rate: Number.NaN }, { mostKeys: 0 }])
      expect(() => tailSample({ keyOf, ...options })).toThrowError(
        expect.objectContaining({ code: 'LOGS_PIPELINE_OPTION_INVALID' }),
      )
    const broken = createPipeline(
      tailSample({
        keyOf() {
          throw new Error('broken')
        },
        keep: () => true,
      }),
    )
    expect(await through(broken, [line(30, 'a')])).toEqual([line(30, 'a')])
    expect(broken.counts.failed).toBe(2)
  })
})
