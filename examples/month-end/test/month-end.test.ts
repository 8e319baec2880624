import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkProof, type ConservationProof } from '@exprsn/payments/reconcile'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { expect, it } from 'vitest'
import { closeMonth } from '../src/close-month.ts'

it('closes a month: everything explained, the dispute won, the proof good', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  const said: string[] = []
  const { faults, files, open } = await closeMonth(folder.path, (line) => said.push(line))
  expect(faults).toEqual([])
  // The rent stays in the list as what was written off; nothing else is open.
  expect(open).toBe(1)
  const text = said.join('\n')
  for (const expected of [
    '104 matches, 5 open',
    'the bank kept its fee',
    'the bank lost the reference',
    '1200.00 USD of rent',
    'ann handed the evidence in: done, under review',
    'the bank decided: won',
    'books in order',
    'no cent was lost',
    'paypal charged $2.40 more',
  ])
    expect(text).toContain(expected)

  const read = (name: string) => readFile(join(folder.path, name), 'utf8')
  const proof = JSON.parse(await read('proof.json')) as ConservationProof
  expect(checkProof(proof)).toEqual([])
  const [first, ...rest] = proof.items
  const [id, side, kind, currency, amount, fee] = first!
  const altered = { ...proof, items: [[id, side, kind, currency, `${BigInt(amount) + 1n}`, fee] as const, ...rest] }
  expect(checkProof(altered)).not.toEqual([])
  expect(files).toHaveLength(9)
  for (const name of ['aging.svg', 'cash.svg', 'disputes.svg']) expect(await read(name)).toMatch(/^<svg/)
  expect(await read('report.html')).toContain('October 2026')
  expect(await read('dispute.html')).toContain('RR-12345-678-5AT')
})
