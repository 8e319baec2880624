import { openRome } from './roads/open-rome.ts'

/** As the shared data places the city: the second lies 17 km north of the first, and 7 km east. */
const points = [
  [-0.000_471_3, 0.000_268_9],
  [0.000_234_8, 0.001_971_6],
] as const

/** To open a file of a router and to answer a first route over the city, for which the whole file is checked. */
export const benchmark = openRome({
  name: 'geo/ch-first-route',
  target: 60,
  async ask(router) {
    const route = await router.route({ points })
    if (!route.found) throw new Error(`no route: ${route.reason}`)
    return route.distance
  },
})
