import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyLine } from '../../../test/store/random-lines.ts'
import { HeadView } from '../segment/head-view.ts'
import { openSegment } from '../segment/open-segment.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { memorySource } from '../segment/segment-source.ts'
import { blockForms } from './block-forms.ts'
import { PatternCounter } from './patterns.ts'

function builderOf(lines: readonly string[]): SegmentBuilder {
  const builder = new SegmentBuilder()
  for (const [index, line] of lines.entries()) {
    const bytes = Buffer.from(line)
    builder.add(bytes, 0, bytes.length, index + 1, index)
  }
  return builder
}

async function segmentOf(lines: readonly string[]) {
  const builder = builderOf(lines)
  const forms = await blockForms(new HeadView(builder))
  return openSegment(
    memorySource(
      'segment',
      Buffer.concat([...builder.finish(undefined, forms)].filter((piece) => piece !== undefined)),
    ),
  )
}

describe('the forms that a segment keeps', () => {
  it('are those that counting its messages gives', async () => {
    const property = fc.asyncProperty(fc.array(anyLine, { minLength: 1, maxLength: 40 }), async (lines) => {
      const segment = await segmentOf(lines)
      expect(await segment.formsOf(0)).toEqual((await blockForms(segment))[0])
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('are not kept where there are too many, or where they are too long', async () => {
    const letters = (index: number): string =>
      index.toString(36).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!)
    const many = Array.from({ length: 2_000 }, (_, index) => `{"msg":"${letters(index)} ${'a'.repeat(index % 50)}"}`)
    expect(await (await segmentOf(many)).formsOf(0)).toBeUndefined()
    expect(await (await segmentOf(['{"msg":"' + 'long '.repeat(100_000) + '"}'])).formsOf(0)).toBeUndefined()
    expect(await (await segmentOf(['{"msg":"job 12 ended"}', '{"msg":"job 7 ended"}'])).formsOf(0)).toEqual([
      { signature: 'job * ended', count: 2, sample: 'job 12 ended' },
    ])
  })
})

describe('messages that were counted in parts', () => {
  it('are as if they had been counted together', () => {
    const anyMessage = fc.constantFrom('job 1 ended', 'job 2 ended', 'user a/b left', 'ready', 'read all 5')
    fc.assert(
      fc.property(fc.array(fc.array(anyMessage, { maxLength: 10 })), (parts) => {
        const [together, inParts] = [new PatternCounter(), new PatternCounter()]
        for (const part of parts) {
          const counter = new PatternCounter()
          for (const message of part) {
            counter.add(message)
            together.add(message)
          }
          for (const form of counter.forms) inParts.addForm(form)
        }
        expect(inParts.rows()).toEqual(together.rows())
      }),
      { numRuns: 200 },
    )
  })
})
