import { expect, it } from 'vitest'
import type { Step } from './step.ts'
import { summary } from './summary.ts'

const step: Step = { name: 'files', title: 'Files', run: async () => ({ facts: [] }) }

it('shows facts, times and the closing line', () => {
  const passed = { step, seconds: 1.26, outcome: { facts: [{ label: 'rows', value: '7' }] }, failure: undefined }
  const failed = { step, seconds: 2, outcome: undefined, failure: 'The disk is full.' }
  const text = summary([passed, failed], 2.04)
  expect(text).toMatch(/✔ {2}files {2}1\.3 s/)
  expect(text).toMatch(/rows +7/)
  expect(text).toMatch(/✘ {2}files {2}2\.0 s +The disk is full\./)
  expect(text.endsWith('Total 2.0 s\ntour: 2 steps, 1 passed, 1 failed')).toBe(true)
})
