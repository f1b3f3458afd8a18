import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { type Deployment, describeDeployment, makeCurrent, replacedBy, setCurrent, setRamp } from '../versioning/deployment.ts';
import { countPinned, unpin } from '../versioning/pinned.ts';
import { isPolled, type Routing, routingOf } from '../versioning/routing.ts';
import type { Version } from '../versioning/version.ts';
import type { Order } from './order.ts';

/** The order is not carried out; the message says why and what to do. */
export class Refused extends Error {}

export interface Deploying {
  client: Client;
  taskQueue: string;
  /** Of this checkout and environment. */
  own: Version;
  print: (text: string) => void;
}

const APPLIED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;
const words = { current: '현재', ramping: '일부', draining: '끝나는 중', drained: '끝남', inactive: '받은 적 없음' } as const;

/** Carries the order out and waits until the task queue goes by it. */
export async function carryOut(order: Order, deploying: Deploying): Promise<void> {
  const { client, own, print } = deploying;
  const deployment = await describeDeployment(client, own.deploymentName);
  if (deployment === null) {
    throw new Refused(`배포 ${own.deploymentName}의 worker가 아직 온 적이 없습니다. worker를 먼저 띄우세요 (npm run worker).`);
  }
  const routing = await routingOf(client, deploying.taskQueue);
  const facts = { ...deploying, deployment, routing };
  switch (order.verb) {
    case 'status':
      return status(facts);
    case 'current': {
      const buildId = order.buildId ?? own.buildId;
      needWorkers(facts, buildId, order.force);
      await makeCurrent(client, deployment, buildId, order);
      return applied(facts, `${buildId} 버전이 현재 버전입니다`, ({ current }) => current?.buildId === buildId);
    }
    case 'ramp': {
      const { percentage, buildId: named } = order;
      if (percentage === 0) return endRamp(facts);
      const buildId = named ?? own.buildId;
      if (deployment.current === buildId) throw new Refused(`${buildId} 버전이 이미 현재 버전입니다.`);
      needWorkers(facts, buildId, order.force);
      await setRamp(client, deployment, buildId, percentage, order);
      // Temporal keeps the share as a float of 32 bits.
      const isSo = ({ ramping }: Routing) => ramping?.buildId === buildId && ramping.percentage === Math.fround(percentage);
      return applied(facts, `${buildId} 버전이 ${percentage} %를 받습니다`, isSo);
    }
    case 'rollback': {
      if (deployment.ramping) return endRamp(facts);
      const { current } = deployment;
      const before = current === null ? null : await replacedBy(client, deployment, current);
      if (before === null) {
        throw new Refused('앞의 버전을 알 수 없습니다. 버전을 적어 주세요: npm run deploy -- current BUILD');
      }
      needWorkers(facts, before, order.force);
      await setCurrent(client, deployment, before, order);
      return applied(facts, `${current}에서 ${before} 버전으로 돌아왔습니다`, (now) => now.current?.buildId === before);
    }
    case 'unpin': {
      const version = known(deployment, order.buildId);
      if (deployment.current === version.buildId) throw new Refused('현재 버전에 고정된 워크플로는 그 worker가 합니다.');
      print(`${version.buildId}에 고정된 워크플로 ${await unpin(client, version)}개를 현재 버전에서 이어 합니다`);
      return;
    }
    default:
      order satisfies never;
  }
}

interface Facts extends Deploying {
  deployment: Deployment;
  routing: Routing;
}

function known({ name, versions }: Deployment, buildId: string): Version {
  if (versions.some((each) => each.buildId === buildId)) return { deploymentName: name, buildId };
  const names = versions.map((each) => each.buildId).join(', ');
  throw new Refused(`${buildId} 버전의 worker가 아직 온 적이 없습니다. 먼저 띄우세요. 아는 버전: ${names}`);
}

function needWorkers({ deployment, routing }: Facts, buildId: string, force: boolean): void {
  if (isPolled(routing, known(deployment, buildId)) || force) return;
  throw new Refused(`${buildId} 버전에 지금 일하는 worker가 없습니다. 먼저 띄우세요 (그래도 바꾸려면 --force).`);
}

async function endRamp(facts: Facts): Promise<void> {
  const { client, deployment } = facts;
  if (deployment.ramping === null) throw new Refused('일부를 받는 버전이 없습니다.');
  const { buildId } = deployment.ramping;
  await setRamp(client, deployment, buildId, 0);
  await applied(facts, `${buildId} 버전은 이제 새 일을 받지 않습니다`, ({ ramping }) => ramping === null);
}

async function applied({ client, taskQueue, print }: Facts, text: string, isSo: (routing: Routing) => boolean): Promise<void> {
  const deadline = performance.now() + APPLIED_WITHIN_MS;
  while (!isSo(await routingOf(client, taskQueue))) {
    if (performance.now() > deadline) throw new Refused(`바꾸었으나 작업 큐 ${taskQueue}에 아직 적용되지 않았습니다.`);
    await sleep(LOOK_EVERY_MS);
  }
  print(text);
}

async function status({ client, deployment, routing, own, taskQueue, print }: Facts): Promise<void> {
  print(`배포 ${deployment.name}, 작업 큐 ${taskQueue}, 이 코드의 버전 ${own.buildId}`);
  if (deployment.current === null) print('현재 버전이 아직 없어 모든 worker가 버전 없이 일합니다');
  for (const { buildId, status } of deployment.versions) {
    const version = { deploymentName: deployment.name, buildId };
    const workers = routing.polled.filter((each) => each.buildId === buildId).length;
    const pinned = await countPinned(client, version);
    const share = deployment.ramping?.buildId === buildId ? ` ${deployment.ramping.percentage} %` : '';
    const left = pinned > 0 && workers === 0 ? ` ← worker가 없습니다: npm run deploy -- unpin ${buildId}` : '';
    print(`  ${buildId}  ${words[status]}${share}, worker ${workers}, 고정된 워크플로 ${pinned}${left}`);
  }
}
