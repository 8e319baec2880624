import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchSettlements, readOurRecords } from '@exprsn/payments/reconcile'
import { readStatements } from '@exprsn/payments/statement'
import { answerDispute } from './answer-dispute.ts'
import { bankFile } from './bank.ts'
import { openBooks } from './books.ts'
import { decide } from './decide.ts'
import { monthReport } from './month-report.ts'
import { sell } from './sell.ts'
import { openWorld } from './world.ts'

/** Lives through a month and closes it; the files go to `folder`. */
export async function closeMonth(folder: string, say: (line: string) => void) {
  const begin = new Date('2026-10-01T08:00:00Z')
  await using world = await openWorld(begin)
  const told: string[] = []
  await using books = await openBooks(world, (title) => told.push(title))

  say('A month of business')
  const { dispute } = await sell(world, books)
  for (const title of told.splice(0)) say(`  the desk was told: ${title}`)

  say('The end of the month')
  const until = new Date(world.calendar.now())
  const file = bankFile(world)
  const { reconciliation, payments } = books
  const added = await reconciliation.add({
    ours: await readOurRecords(payments),
    settlements: await fetchSettlements(world.gateways, { since: begin, until }),
    statements: await readStatements(new TextEncoder().encode(file)),
  })
  say(
    `  ${added.added} lines from three gateways, our books and the bank: ${added.matched} matches, ${added.open} open`,
  )
  for (const { item, reason, action } of await reconciliation.exceptions()) say(`  ${reason}: ${item} – ${action}`)

  say('People decide')
  for (const line of await decide(books)) say(`  ${line}`)

  say('A dispute')
  const answered = await answerDispute(world, books, dispute)
  for (const line of answered.steps) say(`  ${line}`)
  // What the dispute gave back came after the first look.
  await reconciliation.add({
    ours: await readOurRecords(payments),
    settlements: await fetchSettlements(world.gateways, { since: begin }),
  })

  say('The report')
  const asOf = new Date(world.calendar.now()).toISOString().slice(0, 10)
  const { lines, files, ...rest } = await monthReport(books, asOf)
  for (const line of lines) say(`  ${line}`)
  await books.notify.flush()
  for (const title of told.splice(0)) say(`  the desk was told: ${title}`)
  const all = {
    ...files,
    'statement.camt053.xml': file,
    'dispute.html': answered.pack.html,
    'dispute.json': answered.pack.json,
  }
  await mkdir(folder, { recursive: true })
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content)
  say(`  ${Object.keys(all).length} files in ${folder}`)
  return { ...rest, lines, files: Object.keys(all) }
}
