import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { migrate } from '@exprsn/core/database'
import { stripeGateway } from '@exprsn/payments/drivers/stripe'
import { simulateHost } from '@exprsn/payments/testing'
import { temporaryFolder } from '@exprsn/real-servers/temporary-folder'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { createShop, shopMigrations } from '../src/shop.ts'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')

async function start(folder: string, settings: Record<string, string> = {}) {
  const env = { ...process.env, STORE_FOLDER: folder, ...settings }
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', main], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, msg } = JSON.parse(line) as { readonly url?: string; readonly msg: string }
    if (url !== undefined) return { child, url }
    if (msg.includes('STORE_')) return { child, url: msg }
  }
  throw new Error('The shop ended before it listened.')
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  return (await ended)[0] as number | null
}

const csrf = { 'x-exprsn-csrf': '1' }

async function send(url: string, body: unknown, headers: Readonly<Record<string, string>> = csrf) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

describe('the shop', { timeout: 60_000 }, () => {
  it('shows its page, declines a card, takes another, ships once, and stops on SIGTERM', async () => {
    await using folder = await temporaryFolder()
    const { child, url } = await start(folder.path)
    const page = await fetch(url)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('pm_card_visa')
    expect((await fetch(`${url}/checkout.js`)).headers.get('content-type')).toContain('javascript')

    const { status, body } = await send(`${url}/orders`, { item: 'tea' })
    expect(status).toBe(201)
    const order = `${url}/orders/${body.id}`
    const declined = await send(`${order}/pay`, { token: 'pm_card_visa_chargeDeclined' })
    expect(declined.body).toEqual({ status: 'declined', reason: 'card_declined' })
    expect(await (await fetch(order)).json()).toMatchObject({ status: 'open', shipped: false })
    const pay = () => send(`${order}/pay`, { token: 'pm_card_visa' })
    const clicks = await Promise.all([pay(), pay()])
    expect(clicks.map((click) => click.body.status)).toContain('succeeded')
    await expect
      .poll(async () => (await fetch(order)).json(), { timeout: 10_000 })
      .toEqual({ id: body.id, item: 'tea', status: 'paid', shipped: true })
    expect(await stop(child)).toBe(0)
  })

  it('refuses other sites, card numbers, and what is not for sale', async () => {
    await using folder = await temporaryFolder()
    const { child, url } = await start(folder.path)
    expect((await send(`${url}/orders`, { item: 'tea' }, {})).status).toBe(403)
    expect((await send(`${url}/orders`, { item: 'gold' })).status).toBe(404)
    expect((await send(`${url}/orders`, {})).status).toBe(400)
    expect((await send(`${url}/orders/none/pay`, { token: 'pm_card_visa' })).status).toBe(404)
    const { body } = await send(`${url}/orders`, { item: 'pot' })
    const number = await send(`${url}/orders/${body.id}/pay`, { token: '4242 4242 4242 4242' })
    expect(number).toMatchObject({ status: 422, body: { code: 'PAYMENTS_CARD_NUMBER_REFUSED' } })
    expect(JSON.stringify(number.body)).not.toContain('4242 4242')
    expect((await fetch(`${url}/webhooks/stripe`, { method: 'POST', body: '{}' })).status).toBe(400)
    expect(await stop(child)).toBe(0)
  })

  it('shows Stripe’s own form where there are keys, and does not start with half of them', async () => {
    await using folder = await temporaryFolder()
    const keys = { STORE_STRIPE__SECRET_KEY: 'sk_test_1', STORE_STRIPE__PUBLISHABLE_KEY: 'pk_test_1' }
    const { child, url } = await start(folder.path, { ...keys, STORE_STRIPE__WEBHOOK_SECRET: 'whsec_1' })
    const text = await (await fetch(url)).text()
    expect(text).toContain('https://js.stripe.com/v3/')
    expect(text).toContain('pk_test_1')
    expect(text).not.toMatch(/sk_test|whsec/)
    expect(await stop(child)).toBe(0)
    const half = await start(folder.path, keys)
    expect(half.url).toContain('STORE_STRIPE__WEBHOOK_SECRET')
    expect(half.child.exitCode ?? (await once(half.child, 'exit'))[0]).toBe(1)
  })

  it('loses no money when its processes end, answers are lost, and buyers press twice', async () => {
    const { violations } = await simulateHost(
      async ({ database, stripe, clock, random }) => {
        const client = new Stripe(stripe.apiKey, stripe.clientConfig)
        const gateway = stripeGateway({ client, clock, webhookSecrets: [stripe.webhookSecret] })
        const shop = createShop({ database, gateway, clock, random })
        await migrate(database, [shopMigrations, shop.payments.migrations])
        return {
          payments: shop.payments,
          async checkout({ id, amount, token }) {
            const values = [id, 'tea', amount.amount]
            await database.query('insert into orders values ($1, $2, $3, 1) on conflict do nothing', values)
            const status = (await shop.pay(id, token))?.status
            return status === 'succeeded' ? 'paid' : status === 'declined' ? 'declined' : 'pending'
          },
          fulfilled: async ({ id }) => ((await shop.view(id))?.shipped === true ? 1 : 0),
        }
      },
      { seeds: 10 },
    )
    expect(violations).toEqual([])
  })
})
