"""the knowledge base as PostgreSQL searches in it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic_words",
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("edition", "topic", name=op.f("pk_topic_words")),
    )
    with op.batch_alter_table("topic_words", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topic_words_words"), ["words"], unique=False, postgresql_using="gin"
        )


def downgrade() -> None:
    op.drop_table("topic_words")
