import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createPublisher, fetchAccount } from '@exprsn/atproto/publish'
import { splitPost } from '@exprsn/atproto/richtext'
import { createFakePds } from '@exprsn/atproto/testing'
import { describe, expect, it } from 'vitest'
import { startForgetfulProxy } from './forgetful-proxy.ts'
import { notes, type Items } from './stage.ts'

const body = Array.from({ length: 150 }, (_, index) => `word${index}`).join(' ')
const fixture = join(import.meta.dirname, 'put-process.fixture.ts')
const flags = ['--conditions=@exprsn/source', '--experimental-strip-types', '--no-warnings', fixture]
const timesOfEach = 13

describe('four processes of one host', () => {
  it('S12: write the same item 52 times through a proxy that loses 30 % of the answers: one record for each part', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-four-'))
    const path = join(folder, 'app.db')
    await using pds = createFakePds()
    await pds.start()
    await using proxy = await startForgetfulProxy(pds.url)
    const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
    const database = sqliteDatabase({ path })
    const unused = fetchAccount({ did, fetch: () => Promise.reject(new Error('not called')) })
    const publisher = createPublisher<Items>({ database, account: unused, mappings: { notes: notes() } })
    await migrate(database, publisher.migrations)

    const ends = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => {
        const args = [...flags, path, proxy.url, did, name, body, String(timesOfEach)]
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
        return new Promise<number | null>((resolve) => child.on('exit', resolve))
      }),
    )
    expect(ends).toEqual([0, 0, 0, 0])

    const parts = splitPost(body).map(({ text }) => text)
    const posts = [...repo.records].sort(([one], [other]) => (one < other ? -1 : 1))
    expect(posts.map(([, { value }]) => value.text)).toEqual(parts)
    for (const [index, [, { value }]] of posts.entries()) {
      const before = posts[index - 1]
      const parent = before === undefined ? undefined : { uri: `at://${did}/${before[0]}`, cid: String(before[1].cid) }
      expect((value.reply as { parent?: unknown } | undefined)?.parent).toEqual(parent)
    }
    const item = await publisher.get('notes', 'a')
    expect(item).toMatchObject({ state: 'published', reason: undefined })
    expect(item?.records.map(({ cid }) => cid)).toEqual(posts.map(([, { cid }]) => String(cid)))
    expect(proxy.answers.lost).toBeGreaterThan(0)
    await publisher.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }, 300_000)
})
