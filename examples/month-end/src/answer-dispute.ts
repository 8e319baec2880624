import type { Books } from './books.ts'
import type { World } from './world.ts'

/** A buyer says that nothing came; the carrier says that it did. Gives what was done, and the pack for the files. */
export async function answerDispute(world: World, { disputes, sweep }: Books, id: string) {
  const steps: string[] = []
  const { family, dueBy } = await disputes.case(id)
  const { missing } = await disputes.check(id)
  steps.push(
    `${id} is about ${family.replaceAll('_', ' ')}, evidence until ${dueBy?.toISOString().slice(0, 10)}; missing: ${missing.join(', ')}`,
  )
  const evidence = {
    productDescription: 'A desk lamp with two bulbs',
    shippingCarrier: 'Post',
    shippingTracking: 'RR-12345-678-5AT',
    deliveredOn: '2026-10-26',
    explanation: 'The carrier delivered the parcel at the address of the order and has a signature.',
  }
  await disputes.gather(id, evidence, { by: 'ann' })
  const { status, case: answered } = await disputes.submit(id, { by: 'ann' })
  steps.push(`ann handed the evidence in: ${status}, ${answered.status.replace('_', ' ')}`)
  world.simulators.stripe.closeDispute(answered.reference, true)
  await sweep()
  steps.push(`the bank decided: ${(await disputes.case(id)).status}`)
  return { steps, pack: await disputes.pack(id) }
}
