import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@exprsn/core/client'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { createIdentityResolver } from '@exprsn/atproto/identity'
import { passwordAccount, type PublishAccount } from '@exprsn/atproto/publish'
import { firehoseSource } from '@exprsn/atproto/sync'
import { createTwoWay } from '@exprsn/atproto/two-way'
import type { DataObject } from '@exprsn/atproto/codec'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { createAccount } from '../atproto-sync/account.ts'
import { startNetwork } from '../atproto-sync/network.ts'
import { hostPosts, postMapping, textsOf } from './host-posts.ts'

/** Fifty posts with pictures go out, are edited and deleted, and one that was edited elsewhere comes back. */
export const crossPost: Step = {
  name: 'cross-post',
  title: 'AT Protocol: 50 posts with pictures cross-posted, edited and deleted; an edit made elsewhere comes back',
  run: crossPostAll,
}

const posts = 50
const edited = 10
const deleted = 5
const collection = 'app.bsky.feed.post'
const allow = { loopbackAddresses: true }
const elsewhere = 'edited in another app'

async function crossPostAll(context: StepContext): Promise<StepOutcome> {
  const { defer, folder, progress, realPds, say, signal } = context
  const network = await startNetwork(realPds)
  defer(() => network.close())
  say(`${realPds ? 'the official server' : 'a server in memory'} on ${network.url}`)
  const { did } = await createAccount(network, 'newsroom')
  const client = createClient({ allow })
  defer(() => client.close())
  const database = sqliteDatabase({ path: join(folder, 'posts.db') })
  defer(() => database.close())
  const identities = createIdentityResolver({ client, plcDirectory: network.plcUrl, allowHttp: true })
  const source = firehoseSource({ service: network.url, allow })
  defer(() => source.close())
  const account = passwordAccount({ did, service: network.url, password: 'password', client })
  const twoWay = createTwoWay({
    database,
    account,
    source,
    mappings: { posts: { mapping: postMapping, local: hostPosts } },
    sync: { resolveSigningKey: async (name, options) => (await identities.resolveDid(name, options)).signingKey! },
  })
  defer(() => twoWay.close())
  await database.query('create table post (id text primary key, text text not null, picture integer not null)')
  await migrate(database, twoWay.migrations)
  twoWay.start()

  const startedAt = performance.now()
  const save = (number: number, text: string) =>
    database.transaction(async (tx) => {
      const post = { id: `post-${number}`, text, picture: number }
      await hostPosts.save(post, { tx, did })
      await twoWay.put('posts', post, { tx })
    })
  for (let number = 0; number < posts; number++) await save(number, `post ${number}`)
  const bar = progress('posting', 'posts')
  await until(signal, async () => {
    const { published } = await twoWay.publisher.counts()
    bar.update(published, posts)
    return published === posts
  })
  bar.end(`${posts} posts`)

  for (let number = 0; number < edited; number++) await save(number, `post ${number}, corrected`)
  for (let number = posts - deleted; number < posts; number++)
    await database.transaction(async (tx) => {
      await hostPosts.remove(`post-${number}`, { tx, did })
      await twoWay.remove('posts', `post-${number}`, { tx })
    })
  await editElsewhere(account, twoWay.publisher.get('posts', 'post-20'))
  await until(signal, async () => {
    const { pending } = await twoWay.publisher.counts()
    return pending === 0 && (await textsOf(database)).includes(elsewhere)
  })
  const seconds = (performance.now() - startedAt) / 1_000
  return judge(database, account, { seconds, conflicts: await twoWay.countConflicts() })
}

/** What another app of the same account does: it changes the text and leaves the picture. */
async function editElsewhere(
  account: PublishAccount,
  item: Promise<{ readonly records: readonly { readonly uri: string }[] } | undefined>,
): Promise<void> {
  const rkey = (await item)!.records[0]!.uri.split('/').at(-1)!
  const address = { repo: account.did, collection, rkey }
  const { body } = await account.call('com.atproto.repo.getRecord', { params: address })
  const record = { ...(body.value as DataObject), text: elsewhere }
  const { status } = await account.call('com.atproto.repo.putRecord', { input: { ...address, record } })
  if (status !== 200) throw new Error(`The edit was refused with ${status}.`)
}

async function judge(
  database: Database,
  account: PublishAccount,
  { seconds, conflicts }: { readonly seconds: number; readonly conflicts: number },
): Promise<StepOutcome> {
  const params = { repo: account.did, collection, limit: '100' }
  const { body } = await account.call('com.atproto.repo.listRecords', { params })
  const records = (body.records as readonly DataObject[]).map(({ value }) => value as DataObject)
  const there = records.map(({ text }) => text as string).sort()
  const here = await textsOf(database)
  const different = here.filter((text, index) => text !== there[index]).length + Math.abs(here.length - there.length)
  const pictures = records.filter(({ embed }) => (embed as DataObject | undefined)?.images !== undefined).length
  if (different > 0 || pictures !== posts - deleted || conflicts > 0)
    throw new Error(`${different} posts differ, ${pictures} have a picture, ${conflicts} conflicts.`)
  return {
    facts: [
      { label: 'posts here and there', value: `${here.length} and ${there.length}, ${different} differ` },
      { label: 'with their picture', value: String(pictures) },
      { label: 'edited and deleted', value: `${edited} and ${deleted}` },
      { label: 'came back from elsewhere', value: '1' },
      { label: 'done in', value: `${seconds.toFixed(1)} s` },
    ],
  }
}

async function until(signal: AbortSignal, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000
  while (!(await isDone())) {
    signal.throwIfAborted()
    if (performance.now() > deadline) throw new Error('It takes for too long.')
    await wait(20)
  }
}
