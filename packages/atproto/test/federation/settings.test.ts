import { apiKeyAuth } from '@exprsn/core/http'
import { allow, createApiKeys } from '@exprsn/core/auth'
import { migrate } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { createSettingsHandler } from '@exprsn/atproto/http'
import { readBudgets } from '@exprsn/atproto/publish'
import { noteMapping, Stage } from '../two-way/stage.ts'

async function settings(stage: Stage) {
  const keys = createApiKeys({ database: stage.database })
  await migrate(stage.database, [keys.migrations])
  const texts = await Promise.all(
    [['editor'], []].map(async (roles, index) => (await keys.create({ subject: `s${index}`, roles })).text.reveal()),
  )
  const handler = createSettingsHandler({
    auth: apiKeyAuth({ keys }),
    allow: { change: allow({ roles: ['editor'] }) },
    accounts: () => [
      {
        did: stage.did,
        name: 'Alice',
        mappings: { notes: noteMapping({ policies: { twoWay: 'manual' } }) },
        publisher: stage.twoWay.publisher,
        sync: stage.twoWay.sync,
        conflicts: stage.twoWay,
        budgets: () => readBudgets({ database: stage.database, did: stage.did }),
      },
    ],
  })
  return async (path: string, options: { key?: number; method?: string; body?: object } = {}) => {
    const { key = 0, method = 'GET', body } = options
    const headers: Record<string, string> = key < 0 ? {} : { 'x-api-key': texts[key]! }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const request = new Request(`http://localhost${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const response = await handler(request)
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) }
  }
}

describe('settings', () => {
  it('show accounts, queue and limits to those who may, and let them retry and decide', async () => {
    await using stage = await Stage.open({ policies: { twoWay: 'manual' } })
    const ask = await settings(stage)
    await stage.write('n1', 'base')
    await stage.settle()
    await stage.write('n1', 'local')
    stage.edit(stage.path, { title: 'remote' })
    await stage.settle()
    const account = `/accounts/${encodeURIComponent(stage.did)}`

    expect((await ask('/accounts', { key: -1 })).status).toBe(401)
    expect(await ask('/accounts', { key: 1 })).toMatchObject({
      status: 200,
      body: {
        accounts: [
          {
            did: stage.did,
            name: 'Alice',
            conflicts: 1,
            items: { parked: 1 },
            mappings: [{ name: 'notes', collection: 'com.example.note', policies: { twoWay: 'manual' } }],
          },
        ],
      },
    })
    expect(await ask(`${account}/items?state=parked`)).toMatchObject({
      body: { items: [{ id: 'n1', reason: expect.stringContaining('conflict') }] },
    })
    expect(await ask(`${account}/items?mapping=notes&id=n1`)).toMatchObject({ body: { items: [] } })
    expect((await ask(`${account}/items?state=odd`)).status).toBe(400)
    expect((await ask('/accounts/did:plc:none/items')).status).toBe(404)
    expect(await ask(`${account}/budgets`)).toMatchObject({
      body: {
        budgets: [
          { limit: 35_000, used: 4 },
          { limit: 5_000, used: 4 },
        ],
      },
    })

    expect((await ask(`${account}/items/notes/n1/retry`, { key: 1, method: 'POST' })).status).toBe(403)
    expect(await ask(`${account}/items/notes/n1/retry`, { method: 'POST' })).toMatchObject({
      body: { result: 'queued' },
    })
    await stage.settle()

    expect(await ask(`${account}/conflicts`)).toMatchObject({
      body: { conflicts: [{ mapping: 'notes', id: 'n1', remote: { title: 'remote' } }] },
    })
    const decide = (body: object, key = 0) => ask(`${account}/conflicts/notes/n1`, { method: 'POST', body, key })
    expect((await decide({ decision: 'local' }, 1)).status).toBe(403)
    expect((await decide({ decision: 'both' })).status).toBe(400)
    expect((await decide({ decision: 'remote' })).status).toBe(204)
    expect((await decide({ decision: 'remote' })).status).toBe(409)
    expect(await stage.notes()).toEqual(['remote/body'])
  })
})
