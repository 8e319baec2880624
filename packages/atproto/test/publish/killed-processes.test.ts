import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom } from '@exprsn/core/testing'
import { randomBelow } from '@exprsn/core'
import { createPublisher, fetchAccount } from '@exprsn/atproto/publish'
import { splitPost } from '@exprsn/atproto/richtext'
import { createFakePds } from '@exprsn/atproto/testing'
import { describe, expect, it } from 'vitest'
import { illustrated } from './illustrated.ts'
import type { Items } from './stage.ts'

/** More with EXPRSN_KILLS. */
const kills = Number(process.env.EXPRSN_KILLS ?? 2)
const long = Array.from({ length: 450 }, (_, index) => `word${index}`).join(' ')
const fixture = join(import.meta.dirname, 'publish-process.fixture.ts')
const flags = ['--conditions=@exprsn/source', '--experimental-strip-types', '--no-warnings', fixture]

describe('processes that are killed', () => {
  it('S13: a thread of twelve posts with pictures is complete and in order, whenever its process dies', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-killed-'))
    const path = join(folder, 'app.db')
    const random = new SeededRandom(13)
    await using pds = createFakePds()
    await pds.start()
    const { did, repo, blobs } = pds.host.createAccount({ handle: 'alice.test' })
    const database = sqliteDatabase({ path })
    const unused = fetchAccount({ did, fetch: () => Promise.reject(new Error('not called')) })
    const publisher = createPublisher<Items>({ database, account: unused, mappings: { notes: illustrated } })
    await migrate(database, publisher.migrations)
    let died = 0
    let threads = 0
    // One thread takes a few deaths; more deaths need more threads.
    for (; threads === 0 || died < kills; threads++) {
      await publisher.put('notes', { id: String(threads), body: `${threads} ${long}` })
      for (let isDone = false; !isDone;) {
        // Every write of the thread is one event: the process dies just after one of them, or before the next.
        const last = pds.host.events.last + 1 + randomBelow(random, 2)
        const child = spawn(process.execPath, [...flags, path, pds.url, did], { stdio: ['ignore', 'pipe', 'inherit'] })
        const ended = new Promise<string>((resolve) => {
          let output = ''
          child.stdout.on('data', (part: Buffer) => (output += part.toString()))
          child.on('exit', () => resolve(output))
        })
        if (died < kills) {
          const isOver = (): boolean => pds.host.events.last >= last || child.exitCode !== null
          while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 1))
          if (child.kill('SIGKILL')) died++
        }
        isDone = (await ended).includes('done')
      }
    }
    expect(died).toBe(kills)

    for (let thread = 0; thread < threads; thread++) {
      const parts = splitPost(`${thread} ${long}`).map(({ text }) => text)
      const item = await publisher.get('notes', String(thread))
      expect(item?.state).toBe('published')
      const posts = item!.records.map(({ uri }) => repo.records.get(uri.slice(`at://${did}/`.length))!)
      expect(parts.length).toBe(12)
      expect(posts.map(({ value }) => value.text)).toEqual(parts)
      for (const [index, { value }] of posts.entries()) {
        const before = posts[index - 1]
        const parent =
          before === undefined ? undefined : { uri: item!.records[index - 1]!.uri, cid: String(before.cid) }
        expect((value.reply as { parent?: unknown } | undefined)?.parent).toEqual(parent)
        const images = (value.embed as { images?: unknown[] } | undefined)?.images?.length
        expect(images).toBe(index < 3 ? 4 : undefined)
      }
    }
    expect(repo.records.size).toBe(12 * threads)
    expect(blobs.size).toBe(12)
    await publisher.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }, 600_000)
})
