"""orders, units and materials in full"""

import sqlalchemy as sa
from alembic import op

from domain.models import columns


revision = 'ec05d6be26c0'
down_revision = '5e9a4410c7bd'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shipment',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('customer', sa.String(length=80), nullable=False),
    sa.Column('customer_order', sa.String(length=60), nullable=False),
    sa.Column('status', sa.Enum('draft', 'shipped', 'returned', name='shipmentstatus', native_enum=False, length=24), nullable=False),
    sa.Column('shipped_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_shipment_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipment'))
    )
    with op.batch_alter_table('shipment', schema=None) as batch_op:
        batch_op.create_index('uq_shipment_code', ['site_id', 'code'], unique=True, sqlite_where=sa.text('void = 0'), postgresql_where=sa.text('not void'))

    op.create_table('approval',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('scrap', 'void', 'waiver', 'unlock', 'make_up', 'skip', name='approvalkind', native_enum=False, length=24), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('data', columns.Json(), nullable=False),
    sa.Column('act', sa.BigInteger(), nullable=True),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.Column('asked_by', sa.BigInteger(), nullable=True),
    sa.Column('asked_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('status', sa.Enum('pending', 'approved', 'refused', name='approvalstatus', native_enum=False, length=24), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_approval_asked_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_approval_decided_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_approval_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_approval_site_id_number'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index('ix_approval_pending', ['site_id'], unique=False, sqlite_where=sa.text("status = 'pending' and void = 0"), postgresql_where=sa.text("status = 'pending' and not void"))
        batch_op.create_index('ix_approval_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('complaint',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('customer', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('ref', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('recorded_by', sa.BigInteger(), nullable=True),
    sa.Column('recorded_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_complaint_recorded_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_complaint_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_complaint_site_id_number'))
    )
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index('ix_complaint_subject', ['kind', 'ref'], unique=False)

    op.create_table('container',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.Enum('box', 'pallet', 'carrier', name='containerkind', native_enum=False, length=24), nullable=False),
    sa.Column('product_id', sa.BigInteger(), nullable=True),
    sa.Column('labelled', columns.Exact(), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('status', sa.Enum('open', 'closed', 'shipped', name='containerstatus', native_enum=False, length=24), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('made_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['material.id'], name=op.f('fk_container_product_id_material'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_container_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_container'))
    )
    with op.batch_alter_table('container', schema=None) as batch_op:
        batch_op.create_index('uq_container_code', ['site_id', 'code'], unique=True, sqlite_where=sa.text('void = 0'), postgresql_where=sa.text('not void'))

    op.create_table('handover',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('department', sa.String(length=40), nullable=False),
    sa.Column('line', sa.String(length=40), nullable=False),
    sa.Column('shift', sa.String(length=40), nullable=False),
    sa.Column('lines', columns.Json(), nullable=False),
    sa.Column('given_by', sa.BigInteger(), nullable=True),
    sa.Column('drafted_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('taken_by', sa.BigInteger(), nullable=True),
    sa.Column('taken_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('status', sa.Enum('drafted', 'taken', name='handoverstatus', native_enum=False, length=24), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_handover_given_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_handover_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['taken_by'], ['person.id'], name=op.f('fk_handover_taken_by_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index('ix_handover_department', ['site_id', 'department', 'drafted_at'], unique=False)

    op.create_table('hold',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('ref', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('held_by', sa.BigInteger(), nullable=True),
    sa.Column('since', columns.Moment(timezone=True), nullable=False),
    sa.Column('until', columns.Moment(timezone=True), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['held_by'], ['person.id'], name=op.f('fk_hold_held_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_hold_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index('ix_hold_active', ['kind', 'ref'], unique=False, sqlite_where=sa.text('until is null and void = 0'), postgresql_where=sa.text('until is null and not void'))

    op.create_table('purchase_line',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('material_id', sa.BigInteger(), nullable=False),
    sa.Column('supplier', sa.String(length=80), nullable=False),
    sa.Column('quantity', columns.Exact(), nullable=False),
    sa.Column('received', columns.Exact(), nullable=False),
    sa.Column('promised_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('promised_by', sa.BigInteger(), nullable=True),
    sa.Column('said_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['material_id'], ['material.id'], name=op.f('fk_purchase_line_material_id_material'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['promised_by'], ['person.id'], name=op.f('fk_purchase_line_promised_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_purchase_line_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_line'))
    )
    with op.batch_alter_table('purchase_line', schema=None) as batch_op:
        batch_op.create_index('ix_purchase_line_material', ['material_id'], unique=False)
        batch_op.create_index('uq_purchase_line_code', ['site_id', 'code'], unique=True, sqlite_where=sa.text('void = 0'), postgresql_where=sa.text('not void'))

    op.create_table('slot',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('station', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('locked_by', sa.BigInteger(), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['locked_by'], ['person.id'], name=op.f('fk_slot_locked_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_slot_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slot')),
    sa.UniqueConstraint('site_id', 'station', 'code', name=op.f('uq_slot_site_id_station_code'))
    )
    op.create_table('timer',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('rule', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('ref', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('started_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('warn_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('due_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('started_by', sa.BigInteger(), nullable=True),
    sa.Column('ended_by', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('status', sa.Enum('active', 'warned', 'expired', 'done', 'waived', name='timerstatus', native_enum=False, length=24), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['ended_by'], ['person.id'], name=op.f('fk_timer_ended_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_timer_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['started_by'], ['person.id'], name=op.f('fk_timer_started_by_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer'))
    )
    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.create_index('ix_timer_due', ['status', 'due_at'], unique=False)
        batch_op.create_index('ix_timer_subject', ['kind', 'ref'], unique=False)

    op.create_table('requisition',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=False),
    sa.Column('requested_by', sa.BigInteger(), nullable=True),
    sa.Column('requested_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('requested_in', sa.String(length=300), nullable=False),
    sa.Column('taken_by', sa.BigInteger(), nullable=True),
    sa.Column('taken_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('issued_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('due_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('reminded', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('requested', 'taken', 'issued', 'cancelled', name='requisitionstatus', native_enum=False, length=24), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_requisition_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['requested_by'], ['person.id'], name=op.f('fk_requisition_requested_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_requisition_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['taken_by'], ['person.id'], name=op.f('fk_requisition_taken_by_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requisition')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_requisition_site_id_number'))
    )
    with op.batch_alter_table('requisition', schema=None) as batch_op:
        batch_op.create_index('ix_requisition_due', ['due_at'], unique=False)
        batch_op.create_index('ix_requisition_order', ['order_id'], unique=False)

    op.create_table('sign_on',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.String(length=40), nullable=False),
    sa.Column('station', sa.String(length=40), nullable=False),
    sa.Column('equipment', sa.String(length=40), nullable=False),
    sa.Column('operation', sa.String(length=40), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=True),
    sa.Column('since', columns.Moment(timezone=True), nullable=False),
    sa.Column('until', columns.Moment(timezone=True), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_sign_on_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_on_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_sign_on_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_on'))
    )
    with op.batch_alter_table('sign_on', schema=None) as batch_op:
        batch_op.create_index('ix_sign_on_station', ['site_id', 'station', 'since'], unique=False)
        batch_op.create_index('uq_sign_on_person', ['site_id', 'person_id'], unique=True, sqlite_where=sa.text('until is null and void = 0'), postgresql_where=sa.text('until is null and not void'))

    op.create_table('unit',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('product_id', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=False),
    sa.Column('status', sa.Enum('queued', 'in_station', 'done', 'failed', 'rework', 'quarantined', 'scrapped', 'packed', 'shipped', 'returned', name='unitstatus', native_enum=False, length=24), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('rounds', sa.Integer(), server_default='0', nullable=False),
    sa.Column('is_panel', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('reason', sa.String(length=200), server_default='', nullable=False),
    sa.Column('made_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_unit_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['product_id'], ['material.id'], name=op.f('fk_unit_product_id_material'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_unit_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit'))
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index('ix_unit_order', ['order_id', 'status', 'sequence'], unique=False)
        batch_op.create_index('uq_unit_code', ['site_id', 'code'], unique=True, sqlite_where=sa.text('void = 0'), postgresql_where=sa.text('not void'))

    op.create_table('finding',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('skipped_step', 'missing_data', 'missing_lot', name='findingkind', native_enum=False, length=24), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('what', sa.String(length=120), nullable=False),
    sa.Column('asked', sa.String(length=40), nullable=False),
    sa.Column('cause', sa.String(length=120), nullable=False),
    sa.Column('found_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('status', sa.Enum('open', 'made_up', 'merged', 'skipped', 'waived', name='findingstatus', native_enum=False, length=24), nullable=False),
    sa.Column('answered_by', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_finding_answered_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_finding_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_finding_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_finding_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_finding'))
    )
    with op.batch_alter_table('finding', schema=None) as batch_op:
        batch_op.create_index('ix_finding_order', ['order_id', 'status'], unique=False)
        batch_op.create_index('uq_finding_open', ['site_id', 'cause'], unique=True, sqlite_where=sa.text("status = 'open' and void = 0"), postgresql_where=sa.text("status = 'open' and not void"))

    op.create_table('loading',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('slot_id', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=False),
    sa.Column('bom_line_id', sa.BigInteger(), nullable=False),
    sa.Column('lot_id', sa.BigInteger(), nullable=False),
    sa.Column('loaded_by', sa.BigInteger(), nullable=True),
    sa.Column('since', columns.Moment(timezone=True), nullable=False),
    sa.Column('until', columns.Moment(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['bom_line_id'], ['bom_line.id'], name=op.f('fk_loading_bom_line_id_bom_line'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['loaded_by'], ['person.id'], name=op.f('fk_loading_loaded_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_loading_lot_id_lot'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_loading_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_loading_slot_id_slot'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_loading'))
    )
    with op.batch_alter_table('loading', schema=None) as batch_op:
        batch_op.create_index('ix_loading_lot', ['lot_id'], unique=False)
        batch_op.create_index('ix_loading_order', ['order_id'], unique=False)
        batch_op.create_index('uq_loading_slot', ['slot_id'], unique=True, sqlite_where=sa.text('until is null and void = 0'), postgresql_where=sa.text('until is null and not void'))

    op.create_table('measurement',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('task_id', sa.BigInteger(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('value', columns.Exact(), nullable=False),
    sa.Column('unit', sa.String(length=12), nullable=False),
    sa.Column('in_limits', sa.Boolean(), nullable=False),
    sa.Column('at', columns.Moment(timezone=True), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_measurement_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['task_id'], ['operation_task.id'], name=op.f('fk_measurement_task_id_operation_task'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_measurement_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measurement'))
    )
    with op.batch_alter_table('measurement', schema=None) as batch_op:
        batch_op.create_index('ix_measurement_task', ['task_id', 'name'], unique=False)
        batch_op.create_index('ix_measurement_unit', ['unit_id'], unique=False)

    op.create_table('nonconformance',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('site_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=True),
    sa.Column('task_id', sa.BigInteger(), nullable=True),
    sa.Column('lot_id', sa.BigInteger(), nullable=True),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.Column('status', sa.Enum('open', 'investigating', 'dispositioned', 'closed', name='nonconformancestatus', native_enum=False, length=24), nullable=False),
    sa.Column('raised_by', sa.BigInteger(), nullable=True),
    sa.Column('raised_at', columns.Moment(timezone=True), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_nonconformance_lot_id_lot'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_nonconformance_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['raised_by'], ['person.id'], name=op.f('fk_nonconformance_raised_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['site_id'], ['site.id'], name=op.f('fk_nonconformance_site_id_site'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['task_id'], ['operation_task.id'], name=op.f('fk_nonconformance_task_id_operation_task'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nonconformance')),
    sa.UniqueConstraint('site_id', 'number', name=op.f('uq_nonconformance_site_id_number'))
    )
    with op.batch_alter_table('nonconformance', schema=None) as batch_op:
        batch_op.create_index('ix_nonconformance_order', ['order_id'], unique=False)

    op.create_table('requisition_line',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('requisition_id', sa.BigInteger(), nullable=False),
    sa.Column('material_id', sa.BigInteger(), nullable=False),
    sa.Column('quantity', columns.Exact(), nullable=False),
    sa.Column('issued', columns.Exact(), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['material_id'], ['material.id'], name=op.f('fk_requisition_line_material_id_material'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['requisition_id'], ['requisition.id'], name=op.f('fk_requisition_line_requisition_id_requisition'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requisition_line')),
    sa.UniqueConstraint('requisition_id', 'material_id', name=op.f('uq_requisition_line_requisition_id_material_id'))
    )
    op.create_table('reservation',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('lot_id', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.BigInteger(), nullable=False),
    sa.Column('quantity', columns.Exact(), nullable=False),
    sa.Column('at_line', sa.Boolean(), nullable=False),
    sa.Column('since', columns.Moment(timezone=True), nullable=False),
    sa.Column('until', columns.Moment(timezone=True), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_reservation_lot_id_lot'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['order_id'], ['work_order.id'], name=op.f('fk_reservation_order_id_work_order'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reservation'))
    )
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        batch_op.create_index('ix_reservation_active', ['lot_id'], unique=False, sqlite_where=sa.text('until is null and void = 0'), postgresql_where=sa.text('until is null and not void'))
        batch_op.create_index('ix_reservation_order', ['order_id'], unique=False)

    op.create_table('unit_step',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('task_id', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('result', sa.Enum('pass', 'fail', 'skip', name='stepresult', native_enum=False, length=24), nullable=False),
    sa.Column('at', columns.Moment(timezone=True), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('station', sa.String(length=40), nullable=False),
    sa.Column('equipment', sa.String(length=40), nullable=False),
    sa.Column('made_up', sa.Boolean(), nullable=False),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_unit_step_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['task_id'], ['operation_task.id'], name=op.f('fk_unit_step_task_id_operation_task'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_unit_step_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_step'))
    )
    with op.batch_alter_table('unit_step', schema=None) as batch_op:
        batch_op.create_index('ix_unit_step_task', ['task_id'], unique=False)
        batch_op.create_index('uq_unit_step_round', ['unit_id', 'sequence', 'round'], unique=True, sqlite_where=sa.text('void = 0'), postgresql_where=sa.text('not void'))

    op.create_table('nonconformance_item',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('nonconformance_id', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=True),
    sa.Column('quantity', columns.Exact(), nullable=False),
    sa.Column('defect', sa.String(length=80), nullable=False),
    sa.Column('disposition', sa.Enum('pending', 'use_as_is', 'rework', 'scrap', 'return', name='disposition', native_enum=False, length=24), nullable=False),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', columns.Moment(timezone=True), nullable=True),
    sa.Column('void', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_nonconformance_item_decided_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['nonconformance_id'], ['nonconformance.id'], name=op.f('fk_nonconformance_item_nonconformance_id_nonconformance'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_nonconformance_item_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nonconformance_item')),
    sa.UniqueConstraint('nonconformance_id', 'line', name=op.f('uq_nonconformance_item_nonconformance_id_line'))
    )
    with op.batch_alter_table('bom_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('positions', columns.Json(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('alternates', columns.Json(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('slot', sa.String(length=40), server_default='', nullable=False))

    with op.batch_alter_table('edge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('how', sa.Enum('consumed', 'made', 'assembled', 'divided', 'merged', 'packed', 'shipped', name='how', native_enum=False, length=24), server_default='consumed', nullable=False))
        batch_op.add_column(sa.Column('position', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('ended_at', columns.Moment(timezone=True), nullable=True))
        batch_op.create_index('uq_edge_sits_in', ['site_id', 'parent_kind', 'parent_id', 'how'], unique=True, sqlite_where=sa.text("how in ('packed', 'assembled') and parent_kind in ('unit', 'container') and ended_at is null and void = 0"), postgresql_where=sa.text("how in ('packed', 'assembled') and parent_kind in ('unit', 'container') and ended_at is null and not void"))

    with op.batch_alter_table('lot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('returned', columns.Exact(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('split_in', columns.Exact(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('split_out', columns.Exact(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('parent_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('made_by', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('opened', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_lot_made_by_work_order'), 'work_order', ['made_by'], ['id'], initially='DEFERRED', deferrable=True)
        batch_op.create_foreign_key(batch_op.f('fk_lot_parent_id_lot'), 'lot', ['parent_id'], ['id'], initially='DEFERRED', deferrable=True)

    with op.batch_alter_table('material', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tracking', sa.Enum('none', 'lot', 'serial', name='tracking', native_enum=False, length=24), server_default='lot', nullable=False))
        batch_op.add_column(sa.Column('trace_material', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('trace_process', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('operation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('optional', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('parallel', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('merged_into', sa.String(length=40), server_default='', nullable=False))
        batch_op.add_column(sa.Column('outsourced_to', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('equipment_kind', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('certified', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('per_unit', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('loading', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('trace_process', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('data', columns.Json(), server_default='[]', nullable=False))

    with op.batch_alter_table('operation_task', schema=None) as batch_op:
        batch_op.add_column(sa.Column('operation_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('parallel', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('person_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('planned_finish_at', columns.Moment(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_operation_task_person_id_person'), 'person', ['person_id'], ['id'], initially='DEFERRED', deferrable=True)
        batch_op.create_foreign_key(batch_op.f('fk_operation_task_operation_id_operation'), 'operation', ['operation_id'], ['id'], initially='DEFERRED', deferrable=True)

    with op.batch_alter_table('route_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('over_allowance', columns.Exact(), server_default='0', nullable=False))

    with op.batch_alter_table('work_order', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('normal', 'rework', 'trial', 'disassembly', name='orderkind', native_enum=False, length=24), server_default='normal', nullable=False))
        batch_op.add_column(sa.Column('parent_id', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('rework_of', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('customer', sa.String(length=80), server_default='', nullable=False))
        batch_op.add_column(sa.Column('customer_order', sa.String(length=60), server_default='', nullable=False))
        batch_op.add_column(sa.Column('trace_material', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('trace_process', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('over_allowance', columns.Exact(), server_default='0', nullable=False))
        batch_op.create_index('ix_work_order_parent', ['parent_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_work_order_rework_of_work_order'), 'work_order', ['rework_of'], ['id'], initially='DEFERRED', deferrable=True)
        batch_op.create_foreign_key(batch_op.f('fk_work_order_parent_id_work_order'), 'work_order', ['parent_id'], ['id'], initially='DEFERRED', deferrable=True)
