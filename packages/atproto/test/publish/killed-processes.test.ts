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
    await publisher.put('notes', { id: 'a', body: long })

    let died = 0
    for (let turn = 0; ; turn++) {
      // Every write of the thread is one event: the process dies just after one of them, or before the next.
      const last = pds.host.events.last + 1 + randomBelow(random, 2)
      const child = spawn(process.execPath, [...flags, path, pds.url, did], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = new Promise<string>((resolve) => {
        let output = ''
        child.stdout.on('data', (part: Buffer) => (output += part.toString()))
        child.on('exit', () => resolve(output))
      })
      if (turn < kills) {
        const isOver = async (): Promise<boolean> =>
          pds.host.events.last >= last || ((await publisher.counts()).published > 0 && child.exitCode !== null)
        while (!(await isOver())) await new Promise((resolve) => setTimeout(resolve, 1))
        child.kill('SIGKILL')
        died++
      }
      if ((await ended).includes('done')) break
    }
    expect(died).toBe(kills)

    const parts = splitPost(long).map(({ text }) => text)
    const posts = [...repo.records].sort(([one], [other]) => (one < other ? -1 : 1))
    expect(parts.length).toBe(12)
    expect(posts.map(([, { value }]) => value.text)).toEqual(parts)
    for (const [index, [, { value }]] of posts.entries()) {
      const before = posts[index - 1]
      const parent = before === undefined ? undefined : { uri: `at://${did}/${before[0]}`, cid: String(before[1].cid) }
      expect((value.reply as { parent?: unknown } | undefined)?.parent).toEqual(parent)
      const images = (value.embed as { images?: unknown[] } | undefined)?.images?.length
      expect(images).toBe(index < 3 ? 4 : undefined)
    }
    expect(blobs.size).toBe(12)
    expect((await publisher.get('notes', 'a'))?.state).toBe('published')
    await publisher.close()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }, 600_000)
})
