// Backs a folder up without threads and with two, and prints what each came to: files, bytes, bytes read back, problems.
import { filesSource, openRepository } from '@exprsn/backup'
import { memoryStore } from '@exprsn/core/storage'
import { backUp, silent } from './run-source.ts'

Object.assign(silent, {
  warn(details: { readonly err: unknown }) {
    throw details.err
  },
})
const rows: number[][] = []
for (const threads of [0, 2]) {
  const scrypt = { N: 1_024, r: 8, p: 1 }
  await using repository = await openRepository({ store: memoryStore(), password: 'secret', create: 'new', scrypt })
  const source = filesSource({ paths: [process.argv[2]!], threads })
  const { files, bytes, problems } = await backUp(repository, source)
  let read = 0
  for await (const { node } of repository.entries('latest', '/', { recursive: true }))
    for (const id of node.content ?? []) read += (await repository.reader.read('data', id)).length
  rows.push([files, bytes, read, problems.length])
}
console.log(JSON.stringify(rows))
