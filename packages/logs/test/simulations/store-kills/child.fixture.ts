// Appends to a store and logs through a shipper until it is killed; says what was acknowledged, and when it writes itself.
import { createShipper } from '@exprsn/logs'
import { createLogStore } from '@exprsn/logs/store'

const [folder, name] = process.argv.slice(2) as [string, string]
const store = createLogStore({
  path: `${folder}/store`,
  sealAfter: 40,
  maintenanceInterval: 60,
  adoptInterval: 20,
  compactAt: 3,
})
const shipper = createShipper({
  sinks: [store.sink()],
  spool: `${folder}/spool`,
  adoptAfter: 100,
  adoptInterval: 200,
  linger: 5,
})
const say = (text: string): boolean => process.stdout.write(`${text}\n`)
await shipper.start()
let isWriter = false
for (let index = 0; ; index++) {
  const lines = Array.from({ length: 1 + (index % 4) }, (_, at) => `appended by ${name}: ${index}.${at}`)
  await store.append(lines)
  for (const line of lines) say(line)
  const logged = `logged by ${name}: ${index}`
  if (shipper.write(logged) === 'kept') say(logged)
  if (!isWriter && store.status().isWriter) {
    isWriter = true
    say('writes')
  }
  // Others have their turn as well.
  await new Promise((resolve) => setTimeout(resolve, 3))
}
