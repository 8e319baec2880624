import { BlockReader } from '../segment/block-reader.ts'
import type { Searchable } from '../segment/searchable.ts'
import { forEachValue } from './field-values.ts'
import { PatternCounter, type MessageForm } from './patterns.ts'
import { everyRow } from './segment-search.ts'

/** Forms of a block that are kept: with more, counting them again costs little more than reading them. */
const mostForms = 1_024

/** Bytes of samples that are kept of a block. */
const mostBytes = 256 * 1_024

/** The forms of messages in each block, as `patterns` counts them; undefined for blocks with too many. */
export async function blockForms(searchable: Searchable): Promise<(readonly MessageForm[] | undefined)[]> {
  const forms = []
  for (const number of searchable.blocks.keys()) {
    const counter = new PatternCounter()
    const block = new BlockReader(searchable, number)
    await forEachValue(block, 'msg', everyRow(block), (_, value) => counter.add(String(value)))
    const found = counter.size > mostForms ? undefined : counter.forms
    forms.push(found !== undefined && bytesOf(found) <= mostBytes ? found : undefined)
  }
  return forms
}

function bytesOf(forms: readonly MessageForm[]): number {
  return forms.reduce((sum, { signature, sample }) => sum + signature.length + sample.length, 0)
}
