import { SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { memorySink } from '../drivers/memory.ts'
import { createRecord } from '../record/log-record.ts'
import { createPipeline } from './create-pipeline.ts'
import { atLeast, dropWhen, limitPerKey, sample } from './drop-steps.ts'
import { enrich, mask, parseJson, removeFields, rename } from './field-steps.ts'
import { joinLines } from './join-lines.ts'
import type { PipelineEvent, PipelineStep } from './step.ts'

const event = (fields: PipelineEvent['fields'], level: PipelineEvent['level'] = 'info', id = 'a-1'): PipelineEvent => ({
  id,
  time: 5,
  level,
  fields,
})
const fieldsAfter = (step: PipelineStep, fields: PipelineEvent['fields']) =>
  createPipeline(step).process(event(fields))?.fields
const context = { signal: new AbortController().signal, attempt: 1 }

describe('steps', () => {
  it('rename, remove, enrich, parse and mask fields', () => {
    expect(fieldsAfter(rename({ msg: 'message', toString: 'x' }), { msg: 'a', other: 1 })).toEqual({
      message: 'a',
      other: 1,
    })
    expect(fieldsAfter(removeFields('pid', 'hostname'), { pid: 1, hostname: 'h', msg: 'a' })).toEqual({ msg: 'a' })
    expect(
      fieldsAfter(
        enrich(() => ({ region: 'eu', msg: 'lost' })),
        { msg: 'a' },
      ),
    ).toEqual({ region: 'eu', msg: 'a' })
    expect(fieldsAfter(parseJson(), { level: 30, msg: '{"order":1}' })).toEqual({ level: 30, order: 1 })
    expect(fieldsAfter(parseJson(), { msg: '{broken' })).toEqual({ msg: '{broken' })
    expect(fieldsAfter(mask(), { a: { token: 'secret-value-1' } })).toEqual({ a: { token: '[secret]' } })
  })

  it('keep a field named __proto__ a field', () => {
    const fields = fieldsAfter(rename({}), JSON.parse('{"__proto__":{"polluted":1}}') as PipelineEvent['fields'])
    expect(Object.keys(fields!)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('drop by level and test', () => {
    const pipeline = createPipeline(
      atLeast('warn'),
      dropWhen(({ fields }) => fields.health === true),
    )
    expect(pipeline.process(event({}, 'error'))).toBeDefined()
    expect(pipeline.process(event({}, 'info'))).toBeUndefined()
    expect(pipeline.process(event({ health: true }, 'error'))).toBeUndefined()
    expect(pipeline.counts).toEqual({ seen: 3, dropped: 2, failed: 0 })
  })

  it('sample the share they are told, the same lines every time, and all that is severe', () => {
    const step = sample({ rate: 0.25 })
    const kept = Array.from({ length: 8_000 }, (_, index) => step(event({}, 'info', `folder-${index}`)) !== undefined)
    const share = kept.filter(Boolean).length / kept.length
    expect(share).toBeGreaterThan(0.22)
    expect(share).toBeLessThan(0.28)
    expect(kept).toEqual(kept.map((_, index) => step(event({}, 'info', `folder-${index}`)) !== undefined))
    expect(step(event({}, 'error', 'folder-1'))).toBeDefined()
    const byTrace = sample({ rate: 0.5, keyOf: ({ fields }) => String(fields.trace) })
    const together = new Set(
      Array.from({ length: 50 }, (_, index) => byTrace(event({ trace: 't1' }, 'info', `${index}`)) !== undefined),
    )
    expect(together.size).toBe(1)
    expect(() => sample({ rate: 2 })).toThrowError(expect.objectContaining({ code: 'LOGS_PIPELINE_OPTION_INVALID' }))
  })

  it('limit a key within its interval, and forget old keys', async () => {
    const clock = new SimulatedClock()
    const dropped: unknown[] = []
    const step = limitPerKey({
      keyOf: ({ fields }) => String(fields.key),
      most: 2,
      interval: '1s',
      mostKeys: 2,
      clock,
      onDrop: ({ fields }) => dropped.push(fields.key),
    })
    const passes = (key: string) => step(event({ key })) !== undefined
    expect([passes('a'), passes('a'), passes('a'), passes('b')]).toEqual([true, true, false, true])
    expect(dropped).toEqual(['a'])
    await clock.advanceBy('1s')
    expect(passes('a')).toBe(true)
    expect([passes('c'), passes('d'), passes('a'), passes('a')]).toEqual([true, true, true, true])
  })

  it('that throw let the line go on as it was', () => {
    const broken: PipelineStep = () => {
      throw new Error('broken')
    }
    const pipeline = createPipeline(broken, rename({ a: 'b' }))
    expect(pipeline.process(event({ a: 1 }))?.fields).toEqual({ b: 1 })
    expect(pipeline.counts.failed).toBe(1)
  })
})

describe('a pipeline before a sink', () => {
  const records = ['{"level":30,"msg":"one"}', '{"level":50,"msg":"two"}', '{"level":50,"msg":"three"}'].map(
    (line, index) => createRecord({ id: `x-${index}`, bytes: Buffer.from(line), fallbackTime: 1 }),
  )

  it('passes on what is left, under the same ids', async () => {
    const sink = memorySink()
    await createPipeline(atLeast('error'), rename({ msg: 'message' }))
      .into(sink)
      .send({ id: 'b', records }, context)
    expect(sink.records.map(({ id, text }) => [id, text])).toEqual([
      ['x-1', '{"level":50,"message":"two"}'],
      ['x-2', '{"level":50,"message":"three"}'],
    ])
  })

  it('lets a line go without its fields when a step made of them what JSON cannot say', async () => {
    const sink = memorySink()
    const pipeline = createPipeline(mask(), (each) => ({ ...each, fields: { ...each.fields, big: 1n } }))
    await pipeline.into(sink).send({ id: 'b', records: records.slice(0, 1) }, context)
    expect(sink.records.map(({ text }) => text)).toEqual([
      '{"level":"info","time":1,"msg":"[a step made fields that are no JSON]"}',
    ])
    expect(pipeline.counts.failed).toBe(1)
  })

  it('never lets out what could not be masked', () => {
    const scanner = {
      mask: (text: string) => text,
      maskValue(): never {
        throw new Error('broken')
      },
    } as unknown as Parameters<typeof mask>[0]
    const pipeline = createPipeline(mask(scanner))
    expect(pipeline.process(event({ password: 'hunter2' }))?.fields).toEqual({ msg: '[unmaskable]' })
  })

  it('gives the places of lines to send again in the batch that it was given', async () => {
    const sink = { name: 's', send: async () => ({ retry: [1], rejected: [{ index: 0, reason: 'no' }] }) }
    expect(await createPipeline(atLeast('error')).into(sink).send({ id: 'b', records }, context)).toEqual({
      retry: [2],
      rejected: [{ index: 1, reason: 'no' }],
    })
    expect(
      await createPipeline(() => undefined)
        .into(sink)
        .send({ id: 'b', records }, context),
    ).toBeUndefined()
  })
})

describe('joinLines', () => {
  it('joins a stack with its error, and ends an event in time and at its bound', async () => {
    const clock = new SimulatedClock()
    const events: string[] = []
    const joiner = joinLines({ shipper: { write: (line) => events.push(line) }, mostLines: 3, clock })
    for (const line of ['Error: broken', '    at a', '    at b', '    at c', 'next']) joiner.write(line)
    expect(events).toEqual(['Error: broken\n    at a\n    at b', '    at c'])
    await clock.advanceBy('1s')
    expect(events.at(-1)).toBe('next')
    joiner.flush()
    expect(events).toHaveLength(3)
  })
})
