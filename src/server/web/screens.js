// The screens, in the order of the navigation. A new one is a module and a row here.

import {overview} from './overview.js';
import {productSync} from './product_sync.js';
import {schedules} from './schedules.js';
import {catalog} from './catalog.js';
import {notifications} from './notifications.js';
import {plan} from './plan.js';
import {requestLog} from './request_log.js';

// {name: in the address, title, open(page)}
export const screens = [overview, productSync, schedules, catalog, notifications, plan, requestLog];
