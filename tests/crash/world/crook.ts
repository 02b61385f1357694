import type { World } from './world.ts';

const LOAD = 50_00n;

/**
 * Between rounds, step by step: somebody new who enrols and keeps a copy of its storage, goes back
 * to the copy a round later, so that it pays twice from one position, and is retired.
 */
export async function turnCrooked(world: World, round: number): Promise<void> {
  switch (round % 4) {
    case 0: {
      const device = await world.newDevice(`crook-${round}`);
      world.crook = device;
      const { participant, name } = device.options;
      await device.must('enrolment', device.ask('enrol', participant, name));
      await device.must('load', device.ask('load', LOAD));
      await device.learnPurse();
      await device.stop();
      await device.copyStorage();
      return device.start();
    }
    case 1:
      await world.crook?.stop();
      await world.crook?.rollBackStorage();
      return world.crook?.start();
    case 2:
      await world.crook?.stop();
      world.crook = null;
  }
}
