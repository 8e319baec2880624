import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import { describe, expect, it } from 'vitest'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
/** What the newsroom and the host answer, as far as it is looked at. */
interface Body {
  readonly accounts: readonly { readonly did: string }[]
  readonly articles: readonly { readonly body: string }[]
  readonly conflicts: readonly object[]
  readonly records: readonly { readonly uri: string; readonly value: { readonly text: string } }[]
  readonly accessJwt: string
}

const key = { 'x-editor-key': 'editor-of-the-demo' }

async function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', main], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, simulator, msg } = JSON.parse(line) as { url?: string; simulator?: string; msg: string }
    if (url !== undefined) return { child, url, simulator: simulator ?? '' }
    if (msg.includes('NEWS_')) return { child, url: msg, simulator: '' }
  }
  throw new Error('The newsroom ended before it listened.')
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  return (await ended)[0] as number | null
}

async function call(url: string, method = 'GET', body?: object, headers: Record<string, string> = key) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(url, { method, headers: { ...headers, 'content-type': 'application/json' }, ...sent })
  const text = await response.text()
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body }
}

/** Polls until it is as it should be; a busy machine takes its time. */
async function until<Value>(read: () => Promise<Value>, isRight: (value: Value) => boolean): Promise<Value> {
  const deadline = performance.now() + 120_000
  for (;;) {
    const value = await read()
    if (isRight(value) || performance.now() > deadline) return value
    await wait(50)
  }
}

describe('the newsroom', { timeout: 240_000 }, () => {
  it('cross-posts, takes corrections, asks about conflicts, takes back, and stops on SIGTERM', async () => {
    await using folder = await temporaryFolder()
    const { child, url, simulator } = await start({ NEWS_FOLDER: folder.path })
    const article = `${url}/articles/first`
    expect((await call(article, 'PUT', { headline: 'No' }, {})).status).toBe(401)
    expect((await call(article, 'PUT', { headline: '' })).status).toBe(400)
    expect((await call(article, 'PUT', { headline: 'Draft', published: false })).body).toMatchObject({
      result: 'hidden',
    })
    expect((await call(article, 'PUT', { headline: 'Hello', body: 'world' })).body).toMatchObject({ result: 'queued' })

    // As another app of the same account sees it.
    const { did } = (await call(`${url}/crossposting/accounts`)).body.accounts[0]!
    const { body: login } = await call(
      `${simulator}/xrpc/com.atproto.server.createSession`,
      'POST',
      { identifier: did, password: 'password' },
      {},
    )
    const list = async () =>
      (await call(`${simulator}/xrpc/com.atproto.repo.listRecords?repo=${did}&collection=app.bsky.feed.post`)).body
        .records
    const [posted] = await until(list, (records) => records.length === 1)
    expect(posted!.value.text).toBe('Hello\n\nworld')
    const edit = (text: string) => {
      const address = { repo: did, collection: 'app.bsky.feed.post', rkey: posted!.uri.split('/').at(-1) }
      const authorization = `Bearer ${login.accessJwt}`
      return call(
        `${simulator}/xrpc/com.atproto.repo.putRecord`,
        'POST',
        { ...address, record: { ...posted!.value, text } },
        { authorization },
      )
    }
    expect((await edit('Hello\n\nthere')).status).toBe(200)
    const articles = async () => (await call(`${url}/articles`, 'GET', undefined, {})).body.articles
    expect(await until(articles, ([first]) => first?.body === 'there')).toEqual([
      { id: 'first', headline: 'Hello', body: 'there', published: true },
    ])

    // Both at once: nobody's text is lost until somebody decides.
    await Promise.all([
      edit('Hello\n\nfrom the app'),
      call(article, 'PUT', { headline: 'Hello', body: 'from the desk' }),
    ])
    const account = `${url}/crossposting/accounts/${did}`
    const settled = await until(
      async () => ({
        texts: (await list()).map(({ value }) => value.text as string),
        here: (await articles())[0]!.body as string,
        conflicts: (await call(`${account}/conflicts`)).body.conflicts,
      }),
      ({ texts, here, conflicts }) => conflicts.length === 1 || texts[0] === `Hello\n\n${here}`,
    )
    if (settled.conflicts.length === 1) {
      expect((await call(`${account}/conflicts/articles/first`, 'POST', { decision: 'local' })).status).toBe(204)
      expect((await until(list, ([first]) => first?.value.text === 'Hello\n\nfrom the desk'))[0]?.value.text).toContain(
        'desk',
      )
    }
    expect((await call(`${account}/conflicts`, 'GET', undefined, {})).status).toBe(401)

    expect((await call(article, 'DELETE')).status).toBe(202)
    expect(await until(list, (records) => records.length === 0)).toEqual([])
    expect(await articles()).toEqual([])
    expect(await stop(child)).toBe(0)
  })

  it('says what is wrong with its settings', async () => {
    const { child, url } = await start({ NEWS_ACCOUNT__DID: 'nobody' })
    expect(url).toContain('NEWS_ACCOUNT__SERVICE')
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(1)
  })
})
