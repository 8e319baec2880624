import { localCost } from './ship/local-cost.ts'

/** 100 lines per turn of the loop, durability `buffered`. */
export const benchmark = localCost({
  name: 'logs/ship-buffered',
  durability: 'buffered',
  linesPerTick: 100,
  target: 2.2,
})
