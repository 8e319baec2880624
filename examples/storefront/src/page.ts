import { formatMoney } from '@exprsn/payments'
import { goods } from './shop.ts'

/** Scripts of the shop and of Stripe alone, and Stripe's form in a frame (docs.stripe.com/security/guide, "Content security policy"). */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self' https://js.stripe.com",
  "connect-src 'self' https://api.stripe.com",
  'frame-src https://js.stripe.com https://hooks.stripe.com',
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const testCards: Readonly<Record<string, string>> = {
  pm_card_visa: 'a card that pays',
  pm_card_visa_chargeDeclined: 'a card that is declined',
}

/** The page: Stripe's own form where there is a key, else a choice of test cards. No card number ever reaches the shop. */
export function page(publishableKey: string | undefined): string {
  const items = Object.entries(goods).map(
    ([id, { name, price }]) => `<option value="${id}">${name}, ${formatMoney(price, { locale: 'en' })}</option>`,
  )
  const cards = Object.entries(testCards).map(([token, name]) => `<option value="${token}">${name}</option>`)
  const card =
    publishableKey === undefined
      ? `<label>Test card <select name="token">${cards.join('')}</select></label>`
      : `<div id="card" data-key="${publishableKey}"></div><script src="https://js.stripe.com/v3/"></script>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Storefront</title>
<h1>Storefront</h1>
<form id="checkout">
<p><label>Item <select name="item">${items.join('')}</select></label></p>
<p>${card}</p>
<p><button>Pay</button> <output id="answer"></output></p>
</form>
<script src="/checkout.js"></script>
</html>
`
}

/** Runs in the browser. */
export const pageScript = `const form = document.getElementById('checkout')
const answer = document.getElementById('answer')
const holder = document.getElementById('card')
const stripe = holder && Stripe(holder.dataset.key)
const card = stripe && stripe.elements().create('card')
if (card) card.mount(holder)

let order // the same one while the buyer tries again
const send = async (path, body) => {
  const headers = { 'content-type': 'application/json', 'x-exprsn-csrf': '1' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}
const tokenOf = async () => {
  if (!stripe) return form.elements.token.value
  const { paymentMethod, error } = await stripe.createPaymentMethod({ type: 'card', card })
  if (error) throw error
  return paymentMethod.id
}
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  try {
    order ??= (await send('/orders', { item: form.elements.item.value })).id
    const token = await tokenOf()
    let { status, reason, nextAction } = await send('/orders/' + order + '/pay', { token })
    if (status === 'requires_action' && stripe) {
      await stripe.handleNextAction({ clientSecret: nextAction.clientSecret })
      status = (await (await fetch('/orders/' + order)).json()).status
    }
    answer.value = reason ? status + ': ' + reason : status
    if (status === 'succeeded') order = undefined
  } catch (error) {
    answer.value = error.message
  }
})
`
